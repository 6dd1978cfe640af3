package dev.quadrille.notification.adapter.rest;

import dev.quadrille.chassis.Problem;
import java.util.UUID;

/// The query parameter `endpoint`.
public record EndpointId(UUID value) {

    private static final int UUID_CHARACTERS = 36;

    /// Called by JAX-RS with the parameter's text; a [UUID] itself would be answered with a 404.
    public static EndpointId valueOf(String text) {
        if (text.length() == UUID_CHARACTERS) {
            try {
                return new EndpointId(UUID.fromString(text));
            } catch (IllegalArgumentException _) {
                // Falls through: the answer is the same as for another length.
            }
        }
        throw Problem.badRequest("endpoint", "must be the id of an endpoint");
    }
}
