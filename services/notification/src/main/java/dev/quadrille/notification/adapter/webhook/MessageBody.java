package dev.quadrille.notification.adapter.webhook;

import dev.quadrille.notification.domain.News;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.News.Refunded;
import dev.quadrille.notification.domain.News.Returned;
import dev.quadrille.notification.domain.News.Shipped;
import dev.quadrille.notification.domain.WireName;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/// What a receiver is told. It names the order and no customer: who needs more asks the order
/// service.
public final class MessageBody {

    private MessageBody() {}

    /// @param at when it happened
    public static String of(UUID orderId, News news, Instant at) {
        var data = new JsonObject().put("orderId", orderId.toString());
        switch (news) {
            case Confirmed(), Returned() -> {}
            case Cancelled(var reason) -> data.put("reason", reason.name());
            case Shipped(var carrier, var trackingNumber) ->
                    data.put("carrier", carrier).put("trackingNumber", trackingNumber);
            case Refunded(var amount) ->
                    data.put(
                            "amount",
                            new JsonObject()
                                    .put("amountMinor", amount.amountMinor())
                                    .put("currency", amount.currency()));
        }
        return new JsonObject()
                .put("type", WireName.of(news.kind()))
                .put("timestamp", at.toString())
                .put("data", data)
                .encode();
    }
}
