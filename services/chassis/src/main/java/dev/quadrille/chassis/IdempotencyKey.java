package dev.quadrille.chassis;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.regex.Pattern;

/// What a client calls a request by, so that it may send it again: the header `Idempotency-Key`.
public record IdempotencyKey(String value) {

    public static final String HEADER = "Idempotency-Key";
    public static final String REPLAYED_HEADER = "Idempotency-Replayed";

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]{1,255}");

    /// Called by JAX-RS with the header's text.
    public IdempotencyKey {
        if (!PRINTABLE.matcher(value).matches()) {
            throw Problem.badRequest(HEADER, "must be 1 to 255 printable ASCII characters");
        }
    }

    /// For a key that stands for another request.
    public static HttpProblem reused() {
        return Problem.of(
                Problem.UNPROCESSABLE_CONTENT,
                "idempotency-key-reused",
                "The Idempotency-Key was used before",
                "it stands for another request; use a new key for a new request");
    }
}
