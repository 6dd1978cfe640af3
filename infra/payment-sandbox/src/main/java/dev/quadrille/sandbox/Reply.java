package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// What goes back over the wire.
sealed interface Reply {

    record Answer(int status, JsonNode body, Map<String, String> headers) implements Reply {

        Answer(int status, JsonNode body) {
            this(status, body, Map.of());
        }

        static Answer of(ApiError error) {
            return new Answer(error.status(), StripeJson.error(error));
        }

        static Answer of(Decision decision) {
            return switch (decision) {
                case Decision.Changed(_, Refund refund, _) when refund != null ->
                        new Answer(200, StripeJson.refund(refund));
                case Decision.Changed(Intent intent, _, _) ->
                        new Answer(200, StripeJson.intent(intent));
                case Decision.Declined(Intent.AwaitingMethod intent, Intent.Decline decline) ->
                        new Answer(402, StripeJson.declined(intent, decline));
                case Decision.Refused(ApiError error) -> of(error);
            };
        }
    }

    /// Nothing: the connection is held and then closed.
    record Silence() implements Reply {}
}
