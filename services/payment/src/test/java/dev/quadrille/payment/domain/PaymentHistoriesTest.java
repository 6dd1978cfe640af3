package dev.quadrille.payment.domain;

import static dev.quadrille.payment.domain.Samples.INTENT;
import static dev.quadrille.payment.domain.Samples.PLACED;
import static dev.quadrille.payment.domain.Samples.RESERVED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every history there is of one order: its events in any order and each up to twice, a provider
/// that is asked up to three times for each thing, whose answers are lost, late, or come in another
/// order.
class PaymentHistoriesTest {

    private static final int MAX_ASKED = 3;

    private enum Card {
        GOOD,
        BAD
    }

    private enum Hold {
        NONE,
        TAKEN,
        LET_GO
    }

    /// @param toHear what may still be delivered
    /// @param owed of these, what must be
    /// @param underWay answers that have not arrived yet
    private record World(
            Payment payment,
            List<DomainEvent> toHear,
            List<DomainEvent> owed,
            Hold hold,
            int authorizations,
            int voids,
            List<ProviderAnswer> underWay,
            List<PaymentEvent> announced) {

        boolean isAtRest() {
            return owed.isEmpty()
                    && underWay.isEmpty()
                    && !(payment instanceof Known known && known.errand() != null);
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
                            assertThat(end.hold()).isNotEqualTo(Hold.TAKEN);
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

    /// @return how many different ends there are
    private static int explore(Card card, List<DomainEvent> events, Consumer<World> atTheEnd) {
        var twice = new ArrayList<>(events);
        twice.addAll(events);
        var open = new ArrayDeque<World>();
        var seen = new HashSet<World>();
        open.add(new World(new Unknown(), twice, events, Hold.NONE, 0, 0, List.of(), List.of()));
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
            open.addAll(next(world, card));
        }
        return ends;
    }

    private static List<World> next(World world, Card card) {
        var next = new ArrayList<World>();
        for (var event : new HashSet<>(world.toHear())) {
            next.add(
                    decided(
                            new World(
                                    world.payment(),
                                    without(world.toHear(), event),
                                    without(world.owed(), event),
                                    world.hold(),
                                    world.authorizations(),
                                    world.voids(),
                                    world.underWay(),
                                    world.announced()),
                            new Heard(event)));
        }
        for (var answer : new HashSet<>(world.underWay())) {
            next.add(
                    decided(
                            new World(
                                    world.payment(),
                                    world.toHear(),
                                    world.owed(),
                                    world.hold(),
                                    world.authorizations(),
                                    world.voids(),
                                    without(world.underWay(), answer),
                                    world.announced()),
                            answer));
        }
        if (world.payment() instanceof Known known && known.errand() != null) {
            switch (known.errand()) {
                case Errand.Authorize _ -> authorize(world, card, next);
                case Errand.LetGo _ -> letGo(world, next);
            }
        }
        return next;
    }

    private static void authorize(World world, Card card, List<World> next) {
        if (world.authorizations() == MAX_ASKED) {
            return;
        }
        var hold = card == Card.GOOD && world.hold() == Hold.NONE ? Hold.TAKEN : world.hold();
        var answer =
                card == Card.GOOD
                        ? new ProviderAuthorized(INTENT)
                        : new ProviderDeclined("generic_decline");
        asked(world, hold, 1, 0, answer, next);
        // It was leased, and the process died before it asked.
        asked(world, world.hold(), 1, 0, null, next);
    }

    private static void letGo(World world, List<World> next) {
        if (world.voids() == MAX_ASKED) {
            return;
        }
        asked(world, Hold.LET_GO, 0, 1, new ProviderVoided(), next);
        asked(world, world.hold(), 0, 1, null, next);
    }

    private static void asked(
            World world,
            Hold hold,
            int authorizations,
            int voids,
            ProviderAnswer answer,
            List<World> next) {
        var payment =
                world.payment() instanceof Authorizing(var order, var amount, var method, _)
                        ? new Authorizing(order, amount, method, true)
                        : world.payment();
        int asked = world.authorizations() + authorizations;
        int askedToVoid = world.voids() + voids;
        boolean isLast = asked == MAX_ASKED || askedToVoid == MAX_ASKED;
        if (answer != null) {
            var underWay = new ArrayList<>(world.underWay());
            underWay.add(answer);
            next.add(
                    new World(
                            payment,
                            world.toHear(),
                            world.owed(),
                            hold,
                            asked,
                            askedToVoid,
                            List.copyOf(underWay),
                            world.announced()));
        }
        if (!isLast) {
            next.add(
                    new World(
                            payment,
                            world.toHear(),
                            world.owed(),
                            hold,
                            asked,
                            askedToVoid,
                            world.underWay(),
                            world.announced()));
        }
    }

    private static World decided(World world, PaymentInput input) {
        var decision = PaymentDecider.decide(world.payment(), input);
        assertThat(decision).as("%s in %s", input, world.payment()).isNotInstanceOf(Reject.class);
        if (!(decision instanceof Advance<Known, PaymentEvent>(var state, var events))) {
            return world;
        }
        var announced = new ArrayList<>(world.announced());
        announced.addAll(events);
        return new World(
                state,
                world.toHear(),
                world.owed(),
                world.hold(),
                world.authorizations(),
                world.voids(),
                world.underWay(),
                List.copyOf(announced));
    }

    private static <T> List<T> without(List<T> all, T one) {
        var rest = new ArrayList<>(all);
        rest.remove(one);
        return List.copyOf(rest);
    }
}
