package dev.quadrille.notification.domain;

import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;
import static dev.quadrille.contract.NotificationEvent.Kind.ORDER_CANCELLED;
import static dev.quadrille.contract.NotificationEvent.Kind.ORDER_RETURNED;
import static dev.quadrille.contract.NotificationEvent.Kind.ORDER_SHIPPED;
import static java.util.stream.Collectors.toSet;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.notification.domain.Correspondence.Begun;
import dev.quadrille.notification.domain.Correspondence.Early;
import dev.quadrille.notification.domain.Correspondence.Open;
import dev.quadrille.notification.domain.Correspondence.Unknown;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/// What of an event comes to a customer's ears. A dash is an [Decision.Ignore]; nothing is
/// announced before a notification has ended.
///
/// | input       | Unknown                 | Early                         | Open                      |
/// |-------------|-------------------------|-------------------------------|---------------------------|
/// | OrderPlaced | Open, nothing to tell   | Open, what was heard is due   | -                         |
/// | any news    | Early, they wait        | Early, they wait              | Open, they are due        |
/// | other event | -                       | -                             | -                         |
///
/// And whoever has heard of it, in Early and in Open alike:
///
/// | news            | not when told already | nor when it comes after            | and it contradicts      |
/// |-----------------|-----------------------|------------------------------------|-------------------------|
/// | OrderConfirmed  | -                     | OrderShipped, OrderReturned: -     | OrderCancelled: reject  |
/// | OrderCancelled  | -                     |                                    | OrderShipped, OrderReturned: reject |
/// | OrderShipped    | -                     | OrderReturned: -                   | OrderCancelled: reject  |
/// | OrderReturned   | -                     |                                    | OrderCancelled: reject  |
/// | PaymentRefunded | -                     |                                    |                         |
///
/// PaymentRefunded travels on another topic than OrderPlaced and can really come first. The order's
/// own events stand behind OrderPlaced on one topic, in their order; that they are judged all the
/// same keeps a customer from being told, say, of the shipment of a cancelled order.
public final class CorrespondenceDecider {

    private CorrespondenceDecider() {}

    /// @param at when the event happened
    public static Decision<Begun, NotificationEvent> decide(
            Correspondence correspondence, DomainEvent event, Instant at) {
        return switch (event) {
            case OrderPlaced(var id, var customer, var lines, var total, _, _, _) ->
                    open(correspondence, new OrderDetails(id, customer, lines, total));
            case OrderEvent about -> hear(correspondence, about.orderId(), about, at);
            case PaymentEvent about -> hear(correspondence, about.orderId(), about, at);
            case InventoryEvent _, NotificationEvent _, ProductEvent _ ->
                    ignore("not-for-customers");
        };
    }

    private static Decision<Begun, NotificationEvent> open(
            Correspondence correspondence, OrderDetails order) {
        return switch (correspondence) {
            case Unknown() -> advance(new Open(order, List.of()));
            case Early(_, var news) -> advance(new Open(order, news));
            case Open _ -> ignore("already-placed");
        };
    }

    private static Decision<Begun, NotificationEvent> hear(
            Correspondence correspondence, UUID orderId, DomainEvent event, Instant at) {
        var heard = News.of(event).map(news -> new DatedNews(news, at)).orElse(null);
        if (heard == null) {
            return ignore("not-for-customers");
        }
        return switch (correspondence) {
            case Unknown() -> advance(new Early(orderId, List.of(heard)));
            case Early(_, var news) -> add(news, heard, all -> new Early(orderId, all));
            case Open(var order, var news) -> add(news, heard, all -> new Open(order, all));
        };
    }

    private static Decision<Begun, NotificationEvent> add(
            List<DatedNews> told, DatedNews heard, Function<List<DatedNews>, Begun> next) {
        var kinds = told.stream().map(DatedNews::kind).collect(toSet());
        if (kinds.contains(heard.kind())) {
            return ignore("already-told");
        }
        return switch (heard.kind()) {
            case ORDER_CONFIRMED ->
                    kinds.contains(ORDER_CANCELLED)
                            ? reject("told-as-cancelled")
                            : containsAny(kinds, ORDER_SHIPPED, ORDER_RETURNED)
                                    ? ignore("overtaken")
                                    : advance(next.apply(with(told, heard)));
            case ORDER_CANCELLED ->
                    containsAny(kinds, ORDER_SHIPPED, ORDER_RETURNED)
                            ? reject("told-as-shipped")
                            : advance(next.apply(with(told, heard)));
            case ORDER_SHIPPED ->
                    kinds.contains(ORDER_CANCELLED)
                            ? reject("told-as-cancelled")
                            : kinds.contains(ORDER_RETURNED)
                                    ? ignore("overtaken")
                                    : advance(next.apply(with(told, heard)));
            case ORDER_RETURNED ->
                    kinds.contains(ORDER_CANCELLED)
                            ? reject("told-as-cancelled")
                            : advance(next.apply(with(told, heard)));
            case PAYMENT_REFUNDED -> advance(next.apply(with(told, heard)));
        };
    }

    private static boolean containsAny(Set<Kind> kinds, Kind one, Kind other) {
        return kinds.contains(one) || kinds.contains(other);
    }

    private static List<DatedNews> with(List<DatedNews> told, DatedNews heard) {
        return Stream.concat(told.stream(), Stream.of(heard)).toList();
    }
}
