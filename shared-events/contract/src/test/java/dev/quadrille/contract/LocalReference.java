package dev.quadrille.contract;

import com.fasterxml.jackson.databind.JsonNode;

/// A `$ref` within the same document; the contract's schemas have no others, so that each can be
/// used alone.
final class LocalReference {

    private LocalReference() {}

    /// The node itself if it refers to no other.
    static JsonNode followed(JsonNode document, JsonNode node) {
        var reference = node.path("$ref").textValue();
        if (reference == null) {
            return node;
        }
        if (!reference.startsWith("#/")) {
            throw new IllegalArgumentException(reference + " leads out of the document");
        }
        var target = document.at(reference.substring(1));
        if (target.isMissingNode()) {
            throw new IllegalArgumentException(reference + " leads nowhere");
        }
        return target;
    }
}
