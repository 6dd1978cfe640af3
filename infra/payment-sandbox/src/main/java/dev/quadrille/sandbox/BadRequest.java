package dev.quadrille.sandbox;

/// A request that cannot be made sense of. It is thrown from the depth of reading and caught where
/// the request came in; nothing has been executed then, so nothing is kept for an idempotency key.
final class BadRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient ApiError error;

    BadRequest(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }
}
