package dev.quadrille.simulation;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.inventory.domain.StockMove;
import dev.quadrille.notification.domain.Correspondence;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.OrderDetails;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One order: what each part has stored about it, and what is under way between the parts.
final class Dance {

    static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final Money PRICE = new Money(100, "EUR");

    /// What never changes.
    final OrderDetails details;

    final String idempotencyKey;
    final boolean bankAccepts;

    // What is stored, with its version.
    Order order = new Order.Unknown();
    long orderVersion;
    Reservation reservation = new Reservation.Unknown();
    long reservationVersion;
    Payment payment = new Payment.Unknown();
    long paymentVersion;
    Correspondence correspondence = new Correspondence.Unknown();
    final Map<Kind, Post> post;

    /// The order's timeline.
    final List<Message> timeline;

    /// All that transactions announced, by its id.
    final List<Message> committed;

    private final Map<Service, Desk> desks;

    /// What the inventory moved for it.
    final List<StockMove> moves;

    // The payment's errand: how often it was taken up, and whether somebody is at it.
    int attempts;
    boolean leased;

    /// Taken up, and to be given back because the provider is not called just now.
    @Nullable Call heldBack;

    // The provider's side.
    Books books = Books.EMPTY;
    final List<Call> calls;
    final List<ProviderAnswer> hooks;

    /// Whether its hold ended at the provider without anybody here having asked for it.
    boolean lapsed;

    /// What was heard of it and rejected.
    final List<String> contradictions;

    /// What an exploration tells it apart by; a copy has none yet.
    Seen.@Nullable Fingerprint print;

    /// A notification and what the mail server has of it.
    ///
    /// @param attempt the one under way; 0 if none is
    /// @param mails that the server took
    record Post(Notification notification, long version, int attempt, int mails) {}

    Dance(UUID id, String idempotencyKey, List<StockLine> lines, boolean bankAccepts, Instant now) {
        var ordered =
                lines.stream()
                        .map(line -> new OrderLine(line.sku(), line.sku(), line.quantity(), PRICE))
                        .toList();
        this.details =
                new OrderDetails(
                        id,
                        new Customer("c-1", new EmailAddress("ada@example.com")),
                        ordered,
                        OrderLine.total(ordered),
                        new PaymentMethod("pm_card_visa"),
                        now,
                        now.plus(DEADLINE));
        this.idempotencyKey = idempotencyKey;
        this.bankAccepts = bankAccepts;
        this.post = new EnumMap<>(Kind.class);
        this.timeline = new ArrayList<>();
        this.committed = new ArrayList<>();
        this.desks = new EnumMap<>(Service.class);
        Service.ALL.forEach(service -> desks.put(service, new Desk()));
        this.moves = new ArrayList<>(4);
        this.contradictions = new ArrayList<>(0);
        this.calls = new ArrayList<>(1);
        this.hooks = new ArrayList<>(2);
    }

    Dance(Dance other) {
        details = other.details;
        idempotencyKey = other.idempotencyKey;
        bankAccepts = other.bankAccepts;
        order = other.order;
        orderVersion = other.orderVersion;
        reservation = other.reservation;
        reservationVersion = other.reservationVersion;
        payment = other.payment;
        paymentVersion = other.paymentVersion;
        correspondence = other.correspondence;
        post = new EnumMap<>(other.post);
        timeline = new ArrayList<>(other.timeline);
        committed = new ArrayList<>(other.committed);
        desks = new EnumMap<>(Service.class);
        other.desks.forEach((service, desk) -> desks.put(service, new Desk(desk)));
        moves = new ArrayList<>(other.moves);
        contradictions = new ArrayList<>(other.contradictions);
        attempts = other.attempts;
        leased = other.leased;
        heldBack = other.heldBack;
        lapsed = other.lapsed;
        books = other.books;
        calls = new ArrayList<>(other.calls);
        hooks = new ArrayList<>(other.hooks);
    }

    Desk at(Service service) {
        return requireNonNull(desks.get(service));
    }

    UUID id() {
        return details.id();
    }

    /// The order, if it was placed.
    Order.@Nullable Placed placed() {
        return order instanceof Order.Placed placed ? placed : null;
    }

    /// Where the order is, for a count of how often each end was reached.
    String ending() {
        var name = order.getClass().getSimpleName();
        return order instanceof Order.Cancelled cancelled
                ? name + "(" + cancelled.reason() + ")"
                : name;
    }

    List<StockLine> lines() {
        return details.lines().stream()
                .map(line -> new StockLine(line.sku(), line.quantity()))
                .toList();
    }
}
