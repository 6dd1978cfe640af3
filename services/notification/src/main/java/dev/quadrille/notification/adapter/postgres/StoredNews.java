package dev.quadrille.notification.adapter.postgres;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.domain.DatedNews;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.News.Refunded;
import dev.quadrille.notification.domain.News.Returned;
import dev.quadrille.notification.domain.News.Shipped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// News as they lie in a correspondence's row: the kind tells which of the facts are there.
///
/// @param at when it happened, as ISO 8601 has it; null in rows that are older than this field
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredNews(
        Kind kind,
        @Nullable String at,
        @Nullable CancellationReason reason,
        @Nullable String carrier,
        @Nullable String trackingNumber,
        @Nullable Money amount) {

    static StoredNews of(DatedNews dated) {
        var news = dated.news();
        var kind = news.kind();
        var at = dated.at() == null ? null : dated.at().toString();
        return switch (news) {
            case Confirmed _, Returned _ -> new StoredNews(kind, at, null, null, null, null);
            case Cancelled(var reason) -> new StoredNews(kind, at, reason, null, null, null);
            case Shipped(var carrier, var trackingNumber) ->
                    new StoredNews(kind, at, null, carrier, trackingNumber, null);
            case Refunded(var amount) -> new StoredNews(kind, at, null, null, null, amount);
        };
    }

    DatedNews news() {
        return new DatedNews(
                switch (kind) {
                    case ORDER_CONFIRMED -> new Confirmed();
                    case ORDER_CANCELLED -> new Cancelled(requireNonNull(reason));
                    case ORDER_SHIPPED ->
                            new Shipped(requireNonNull(carrier), requireNonNull(trackingNumber));
                    case ORDER_RETURNED -> new Returned();
                    case PAYMENT_REFUNDED -> new Refunded(requireNonNull(amount));
                },
                at == null ? null : Instant.parse(at));
    }
}
