package dev.quadrille.notification.adapter.postgres;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.domain.News;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.News.Refunded;
import dev.quadrille.notification.domain.News.Returned;
import dev.quadrille.notification.domain.News.Shipped;
import org.jspecify.annotations.Nullable;

/// News as they lie in a correspondence's row: the kind tells which of the facts are there.
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredNews(
        Kind kind,
        @Nullable CancellationReason reason,
        @Nullable String carrier,
        @Nullable String trackingNumber,
        @Nullable Money amount) {

    static StoredNews of(News news) {
        return switch (news) {
            case Confirmed _, Returned _ -> new StoredNews(news.kind(), null, null, null, null);
            case Cancelled(var reason) -> new StoredNews(news.kind(), reason, null, null, null);
            case Shipped(var carrier, var trackingNumber) ->
                    new StoredNews(news.kind(), null, carrier, trackingNumber, null);
            case Refunded(var amount) -> new StoredNews(news.kind(), null, null, null, amount);
        };
    }

    News news() {
        return switch (kind) {
            case ORDER_CONFIRMED -> new Confirmed();
            case ORDER_CANCELLED -> new Cancelled(requireNonNull(reason));
            case ORDER_SHIPPED ->
                    new Shipped(requireNonNull(carrier), requireNonNull(trackingNumber));
            case ORDER_RETURNED -> new Returned();
            case PAYMENT_REFUNDED -> new Refunded(requireNonNull(amount));
        };
    }
}
