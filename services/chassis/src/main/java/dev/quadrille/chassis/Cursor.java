package dev.quadrille.chassis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/// A place in a list, opaque to clients: the query parameter `cursor`.
///
/// @param text as the client sees it
/// @param place what the page starts after
public record Cursor(String text, String place) {

    static Cursor after(String place) {
        return new Cursor(
                Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(UTF_8)),
                place);
    }

    /// Called by JAX-RS with the parameter's text.
    public static Cursor valueOf(String text) {
        try {
            return new Cursor(text, new String(Base64.getUrlDecoder().decode(text), UTF_8));
        } catch (IllegalArgumentException _) {
            throw invalid();
        }
    }

    /// For a cursor that decodes to something that is no place of this list.
    public static RuntimeException invalid() {
        return Problem.badRequest("cursor", "must be the `next` of a page of this list");
    }
}
