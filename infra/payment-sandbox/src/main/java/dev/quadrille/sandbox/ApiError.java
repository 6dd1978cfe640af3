package dev.quadrille.sandbox;

import org.jspecify.annotations.Nullable;

/// An error as Stripe's API words it. Codes are Stripe's; where it sends none, there is none here.
///
/// @param code null where Stripe has no code for it
/// @param param the parameter at fault, null if none is
/// @param intent the intent as it stands, null if it is not about one
record ApiError(
        int status,
        String type,
        @Nullable String code,
        String message,
        @Nullable String param,
        @Nullable Intent intent) {

    static final String INVALID_REQUEST = "invalid_request_error";

    private static final String UNEXPECTED_STATE = "payment_intent_unexpected_state";

    static ApiError parameter(@Nullable String code, String message, String param) {
        return new ApiError(400, INVALID_REQUEST, code, message, param, null);
    }

    static ApiError unexpectedState(String message, Intent intent) {
        return new ApiError(400, INVALID_REQUEST, UNEXPECTED_STATE, message, null, intent);
    }

    /// Creating and confirming in one go, with nothing to charge: there is no intent to show.
    static ApiError nothingToConfirm(@Nullable Intent intent) {
        return new ApiError(
                400,
                INVALID_REQUEST,
                UNEXPECTED_STATE,
                "You cannot confirm this PaymentIntent because it's missing a payment method. You"
                    + " can either update the PaymentIntent with a payment method and then confirm"
                    + " it again, or confirm it again directly with a payment method.",
                "payment_method",
                intent);
    }

    static ApiError noSuch(int status, String kind, String id, String param) {
        return new ApiError(
                status,
                INVALID_REQUEST,
                "resource_missing",
                "No such " + kind + ": '" + id + "'",
                param,
                null);
    }

    static ApiError unreadable(int status, String message) {
        return new ApiError(status, INVALID_REQUEST, null, message, null, null);
    }

    static ApiError keyReused(String key) {
        return new ApiError(
                400,
                "idempotency_error",
                null,
                "Keys for idempotent requests can only be used with the same parameters they were"
                        + " first used with. Try using a key other than '"
                        + key
                        + "' if you meant to execute a different request.",
                null,
                null);
    }

    static ApiError keyInUse(String key) {
        return new ApiError(
                409,
                INVALID_REQUEST,
                "idempotency_key_in_use",
                "There is currently another in-progress request using this Idempotent Key (that"
                    + " probably means you submitted twice, and the other request is still going"
                    + " through): "
                        + key
                        + ". Please try again later.",
                null,
                null);
    }

    static ApiError internal() {
        return new ApiError(500, "api_error", null, "An unknown error occurred", null, null);
    }
}
