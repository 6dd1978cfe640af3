package dev.quadrille.payment.domain;

import static dev.quadrille.payment.domain.Samples.INTENT;
import static dev.quadrille.payment.domain.Samples.PLACED;
import static dev.quadrille.payment.domain.Samples.RESERVED;
import static dev.quadrille.payment.domain.Samples.RETURNED;
import static dev.quadrille.payment.domain.Samples.SHIPPED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every history there is of one order: its events in any order that the saga allows and each up to
/// twice, a provider that is asked several times for each thing, whose answers are lost, late, or
/// come in another order; and somebody who meddles with the hold at the provider.
class PaymentHistoriesTest {

    private static final int MAX_ASKED = 3;

    private enum Card {
        GOOD,
        BAD
    }

    private enum Hold {
        NONE,
        TAKEN,
        LET_GO,
        CAPTURED,
        REFUNDED
    }

    /// What somebody else may do at the provider, once.
    private enum Meddler {
        NOBODY,
        LETS_GO,
        CAPTURES,
        /// The provider itself: it shows nothing of the hold for so long that it is given up, and
        /// tells of it by an event.
        HIDES
    }

    /// How often each thing was asked.
    private record Asked(int toAuthorize, int toVoid, int toCapture, int toRefund) {}

    /// @param toHear what may still be delivered
    /// @param owed of these, what must be
    /// @param underWay answers that have not arrived yet
    private record World(
            Payment payment,
            List<DomainEvent> toHear,
            List<DomainEvent> owed,
            Hold hold,
            Meddler meddler,
            Asked asked,
            List<ProviderAnswer> underWay,
            List<PaymentEvent> announced) {

        boolean isAtRest() {
            return owed.stream().noneMatch(this::mayBeHeard)
                    && underWay.isEmpty()
                    && !(payment instanceof Known known && known.errand() != null);
        }

        /// An order is shipped once it has heard of the authorization, and comes back once it was
        /// shipped; what it announces stands on one topic, in that order.
        boolean mayBeHeard(DomainEvent event) {
            return switch (event) {
                case OrderShipped _ ->
                        !owed.contains(PLACED)
                                && announced.stream().anyMatch(PaymentAuthorized.class::isInstance);
                case OrderReturned _ -> toHear.contains(event) && !owed.contains(SHIPPED);
                default -> true;
            };
        }

        World with(Payment payment, List<PaymentEvent> announced) {
            return new World(
                    payment, toHear, owed, hold, meddler, asked, underWay, List.copyOf(announced));
        }

        World heard(DomainEvent event) {
            return new World(
                    payment,
                    without(toHear, event),
                    without(owed, event),
                    hold,
                    meddler,
                    asked,
                    underWay,
                    announced);
        }

        World arrived(ProviderAnswer answer) {
            return new World(
                    payment,
                    toHear,
                    owed,
                    hold,
                    meddler,
                    asked,
                    without(underWay, answer),
                    announced);
        }

        World meddled(Hold hold) {
            return new World(
                    payment, toHear, owed, hold, Meddler.NOBODY, asked, underWay, announced);
        }

        /// The first is known to have been asked as soon as it may have been.
        World asked(Asked asked, Hold hold) {
            var payment =
                    this.payment instanceof Authorizing(var order, var amount, var method, _)
                            ? new Authorizing(order, amount, method, true)
                            : this.payment;
            return new World(payment, toHear, owed, hold, meddler, asked, underWay, announced);
        }

        World answering(ProviderAnswer answer) {
            var underWay = new ArrayList<>(this.underWay);
            underWay.add(answer);
            return new World(
                    payment, toHear, owed, hold, meddler, asked, List.copyOf(underWay), announced);
        }
    }

    @Test
    void anOrderThatIsNotCancelledEndsAuthorized() {
        int ends =
                explore(
                        Card.GOOD,
                        List.of(PLACED, RESERVED),
                        end -> {
                            assertThat(end.payment()).isInstanceOf(Authorized.class);
                            assertThat(end.hold()).isEqualTo(Hold.TAKEN);
                            assertThat(end.announced())
                                    .singleElement()
                                    .isInstanceOf(PaymentAuthorized.class);
                        });

        assertThat(ends).isPositive();
    }

    @Test
    void anOrderWithABadCardEndsDeclined() {
        int ends =
                explore(
                        Card.BAD,
                        List.of(PLACED, RESERVED),
                        end -> {
                            assertThat(end.payment()).isInstanceOf(Declined.class);
                            assertThat(end.hold()).isEqualTo(Hold.NONE);
                            assertThat(end.announced())
                                    .singleElement()
                                    .isInstanceOf(PaymentDeclined.class);
                        });

        assertThat(ends).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledOrderEndsWithoutAHoldAndWithOneLastWord(CancellationReason reason) {
        int ends =
                explore(
                        Card.GOOD,
                        List.of(PLACED, RESERVED, Samples.cancelled(reason)),
                        end -> {
                            assertThat(end.hold()).isIn(Hold.NONE, Hold.LET_GO);
                            boolean maybeSilent = reason == CancellationReason.OUT_OF_STOCK;
                            boolean silent = end.announced().isEmpty();
                            assertThat(silent).isEqualTo(maybeSilent && end.hold() == Hold.NONE);
                            if (!silent) {
                                assertThat(end.announced().getLast())
                                        .isInstanceOf(PaymentVoided.class);
                            }
                        });

        assertThat(ends).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledOrderWithABadCardIsVoidedOrDeclinedAndNeverBoth(CancellationReason reason) {
        int ends =
                explore(
                        Card.BAD,
                        List.of(PLACED, RESERVED, Samples.cancelled(reason)),
                        end -> {
                            assertThat(end.hold()).isEqualTo(Hold.NONE);
                            assertThat(end.announced())
                                    .hasSizeBetween(
                                            reason == CancellationReason.OUT_OF_STOCK ? 0 : 1, 1)
                                    .noneMatch(PaymentAuthorized.class::isInstance);
                        });

        assertThat(ends).isPositive();
    }

    @Test
    void aCancellationIsAnsweredThoughNothingElseIsEverHeard() {
        explore(
                Card.GOOD,
                List.of(Samples.cancelled(CancellationReason.TIMED_OUT)),
                end ->
                        assertThat(end.announced())
                                .singleElement()
                                .isInstanceOf(PaymentVoided.class));
    }

    @Test
    void aShippedOrderEndsCapturedOnce() {
        int ends =
                explore(
                        Card.GOOD,
                        List.of(PLACED, RESERVED, SHIPPED),
                        end -> {
                            assertThat(end.payment()).isInstanceOf(Captured.class);
                            assertThat(end.hold()).isEqualTo(Hold.CAPTURED);
                            assertThat(types(end))
                                    .containsExactly(
                                            PaymentAuthorized.class, PaymentCaptured.class);
                        });

        assertThat(ends).isPositive();
    }

    @Test
    void aReturnedOrderIsCapturedAndRefundedInThatOrder() {
        int ends =
                explore(
                        Card.GOOD,
                        List.of(PLACED, RESERVED, SHIPPED, RETURNED),
                        end -> {
                            assertThat(end.payment()).isInstanceOf(Refunded.class);
                            assertThat(end.hold()).isEqualTo(Hold.REFUNDED);
                            assertThat(types(end))
                                    .containsExactly(
                                            PaymentAuthorized.class,
                                            PaymentCaptured.class,
                                            PaymentRefunded.class);
                        });

        assertThat(ends).isPositive();
    }

    @Test
    void aShippedOrderWhoseHoldLapsesEndsCapturedOrVoidedAsTheProviderHasIt() {
        var ends = new HashSet<Hold>();
        explore(
                Card.GOOD,
                Meddler.LETS_GO,
                List.of(PLACED, RESERVED, SHIPPED, RETURNED),
                Set.of("hold-lapsed", "not-authorized", "not-shipped"),
                end -> {
                    ends.add(end.hold());
                    switch (end.hold()) {
                        case REFUNDED -> assertThat(end.payment()).isInstanceOf(Refunded.class);
                        case LET_GO -> {
                            assertThat(end.payment()).isInstanceOfAny(Voided.class, Declined.class);
                            assertThat(types(end))
                                    .doesNotContain(PaymentCaptured.class, PaymentRefunded.class);
                            assertThat(types(end).getLast())
                                    .isIn(PaymentVoided.class, PaymentDeclined.class);
                        }
                        case NONE, TAKEN, CAPTURED -> throw new AssertionError(end);
                    }
                });

        assertThat(ends).containsExactlyInAnyOrder(Hold.REFUNDED, Hold.LET_GO);
    }

    @Test
    void aCancelledOrderWhoseHoldSomebodyCapturesGetsItsMoneyBack() {
        var ends = new HashSet<Hold>();
        explore(
                Card.GOOD,
                Meddler.CAPTURES,
                List.of(PLACED, RESERVED, Samples.cancelled(CancellationReason.CUSTOMER_REQUEST)),
                // Each is told of it by an event, and learns it later by what he asks for.
                Set.of("captured-unasked", "never-asked"),
                end -> {
                    ends.add(end.hold());
                    assertThat(end.hold()).isIn(Hold.NONE, Hold.LET_GO, Hold.REFUNDED);
                    assertThat(types(end)).doesNotContain(PaymentCaptured.class);
                    assertThat(types(end).getLast())
                            .isEqualTo(
                                    end.hold() == Hold.REFUNDED
                                            ? PaymentRefunded.class
                                            : PaymentVoided.class);
                });

        assertThat(ends).contains(Hold.REFUNDED, Hold.LET_GO);
    }

    @Test
    void aHoldThatIsGivenUpAndHeardOfLateIsLetGo() {
        var ends = new HashSet<Hold>();
        explore(
                Card.GOOD,
                Meddler.HIDES,
                List.of(PLACED, RESERVED, Samples.cancelled(CancellationReason.PAYMENT_DECLINED)),
                // It is heard of before it is given up.
                Set.of("declined-after-authorization"),
                end -> {
                    ends.add(end.hold());
                    assertThat(end.hold()).isIn(Hold.NONE, Hold.LET_GO);
                    assertThat(types(end).getLast())
                            .isIn(PaymentVoided.class, PaymentDeclined.class);
                    assertThat(types(end)).doesNotHaveDuplicates();
                });

        assertThat(ends).containsExactlyInAnyOrder(Hold.NONE, Hold.LET_GO);
    }

    private static List<Class<?>> types(World world) {
        return world.announced().stream().<Class<?>>map(Object::getClass).toList();
    }

    /// @return how many different ends there are
    private static int explore(Card card, List<DomainEvent> events, Consumer<World> atTheEnd) {
        return explore(card, Meddler.NOBODY, events, Set.of(), atTheEnd);
    }

    private static int explore(
            Card card,
            Meddler meddler,
            List<DomainEvent> events,
            Set<String> rejections,
            Consumer<World> atTheEnd) {
        var twice = new ArrayList<>(events);
        twice.addAll(events);
        var open = new ArrayDeque<World>();
        var seen = new HashSet<World>();
        open.add(
                new World(
                        new Unknown(),
                        twice,
                        events,
                        Hold.NONE,
                        meddler,
                        new Asked(0, 0, 0, 0),
                        List.of(),
                        List.of()));
        int ends = 0;
        while (!open.isEmpty()) {
            var world = open.removeLast();
            if (!seen.add(world)) {
                continue;
            }
            if (world.isAtRest()) {
                ends++;
                atTheEnd.accept(world);
            }
            open.addAll(next(world, card, rejections));
        }
        return ends;
    }

    private static List<World> next(World world, Card card, Set<String> rejections) {
        var next = new ArrayList<World>();
        for (var event : new HashSet<>(world.toHear())) {
            if (world.mayBeHeard(event)) {
                next.add(decided(world.heard(event), new Heard(event), rejections));
            }
        }
        for (var answer : new HashSet<>(world.underWay())) {
            next.add(decided(world.arrived(answer), answer, rejections));
        }
        if (world.hold() == Hold.TAKEN) {
            switch (world.meddler()) {
                case LETS_GO -> {
                    next.add(world.meddled(Hold.LET_GO));
                    next.add(world.meddled(Hold.LET_GO).answering(new ProviderVoided(INTENT)));
                }
                case CAPTURES -> {
                    next.add(world.meddled(Hold.CAPTURED));
                    next.add(world.meddled(Hold.CAPTURED).answering(new ProviderCaptured(INTENT)));
                }
                case HIDES -> {
                    if (world.payment() instanceof Known known
                            && known.errand() instanceof Errand.Authorize) {
                        next.add(
                                world.meddled(Hold.TAKEN)
                                        .answering(new ProviderDeclined("provider_error"))
                                        .answering(new ProviderAuthorized(INTENT)));
                    }
                }
                case NOBODY -> {}
            }
        }
        if (world.payment() instanceof Known known && known.errand() != null) {
            ask(world, known.errand(), card, next);
        }
        return next;
    }

    private static void ask(World world, Errand errand, Card card, List<World> next) {
        var asked = world.asked();
        var more =
                switch (errand) {
                    case Errand.Authorize _ ->
                            new Asked(
                                    asked.toAuthorize() + 1,
                                    asked.toVoid(),
                                    asked.toCapture(),
                                    asked.toRefund());
                    case Errand.LetGo _ ->
                            new Asked(
                                    asked.toAuthorize(),
                                    asked.toVoid() + 1,
                                    asked.toCapture(),
                                    asked.toRefund());
                    case Errand.Capture _ ->
                            new Asked(
                                    asked.toAuthorize(),
                                    asked.toVoid(),
                                    asked.toCapture() + 1,
                                    asked.toRefund());
                    case Errand.Refund _ ->
                            new Asked(
                                    asked.toAuthorize(),
                                    asked.toVoid(),
                                    asked.toCapture(),
                                    asked.toRefund() + 1);
                };
        int times =
                switch (errand) {
                    case Errand.Authorize _ -> more.toAuthorize();
                    case Errand.LetGo _ -> more.toVoid();
                    case Errand.Capture _ -> more.toCapture();
                    case Errand.Refund _ -> more.toRefund();
                };
        if (times > MAX_ASKED) {
            return;
        }
        var hold = done(errand, world.hold(), card);
        var done = world.asked(more, hold);
        for (var answer : answers(errand, hold, card, times)) {
            next.add(done.answering(answer));
        }
        if (times < MAX_ASKED) {
            // It was done, and the answer is lost.
            next.add(done);
            // It was leased, and the process died before it asked.
            next.add(world.asked(more, world.hold()));
        }
    }

    private static Hold done(Errand errand, Hold hold, Card card) {
        return switch (errand) {
            case Errand.Authorize _ -> card == Card.GOOD && hold == Hold.NONE ? Hold.TAKEN : hold;
            case Errand.LetGo _ -> hold == Hold.TAKEN ? Hold.LET_GO : hold;
            case Errand.Capture _ -> hold == Hold.TAKEN ? Hold.CAPTURED : hold;
            case Errand.Refund _ -> hold == Hold.CAPTURED ? Hold.REFUNDED : hold;
        };
    }

    /// What the provider says of what it has, or said when it was first asked by the same key.
    private static List<ProviderAnswer> answers(Errand errand, Hold hold, Card card, int times) {
        return switch (errand) {
            case Errand.Authorize _ when card == Card.BAD ->
                    List.of(new ProviderDeclined("generic_decline"));
            case Errand.Authorize _ ->
                    hold == Hold.LET_GO && times > 1
                            ? List.of(new ProviderVoided(INTENT), new ProviderAuthorized(INTENT))
                            : List.of(new ProviderAuthorized(INTENT));
            case Errand.LetGo _, Errand.Capture _ ->
                    List.of(
                            hold == Hold.LET_GO
                                    ? new ProviderVoided(INTENT)
                                    : new ProviderCaptured(INTENT));
            case Errand.Refund _ -> List.of(new ProviderRefunded(INTENT));
        };
    }

    private static World decided(World world, PaymentInput input, Set<String> rejections) {
        return switch (PaymentDecider.decide(world.payment(), input)) {
            case Advance<Known, PaymentEvent>(var state, var events) -> {
                var announced = new ArrayList<>(world.announced());
                announced.addAll(events);
                yield world.with(state, announced);
            }
            case Ignore<Known, PaymentEvent> _ -> world;
            case Reject<Known, PaymentEvent>(var reason) -> {
                assertThat(reason).as("%s in %s", input, world.payment()).isIn(rejections);
                yield world;
            }
        };
    }

    private static <T> List<T> without(List<T> all, T one) {
        var rest = new ArrayList<>(all);
        rest.remove(one);
        return List.copyOf(rest);
    }
}
