package dev.quadrille.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quadrille.sandbox.Intent.AwaitingConfirmation;
import dev.quadrille.sandbox.Intent.AwaitingMethod;
import dev.quadrille.sandbox.Intent.Canceled;
import dev.quadrille.sandbox.Intent.Captured;
import dev.quadrille.sandbox.Intent.Held;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionTest {

    private static final Terms TERMS = terms(CaptureMethod.MANUAL);
    private static final Intent AWAITING_METHOD = new AwaitingMethod(TERMS, null);
    private static final Intent AWAITING_CONFIRMATION =
            new AwaitingConfirmation(TERMS, TestMethod.VISA);
    private static final Held HELD = new Held(TERMS, TestMethod.VISA, "ch_1");
    private static final Captured CAPTURED = new Captured(TERMS, TestMethod.VISA, "ch_1", 1_000, 0);
    private static final Intent CANCELED = new Canceled(HELD, 9, null);

    private static final Command.Change CONFIRM =
            new Command.Confirm("pi_1", TestMethod.MASTERCARD, "ch_2");
    private static final Command.Change CAPTURE = new Command.Capture("pi_1", OptionalLong.empty());
    private static final Command.Change CANCEL =
            new Command.Cancel("pi_1", CancellationReason.ABANDONED, 7);

    private static final Command.Change LAPSE = new Command.Lapse("pi_1", 8);

    @Test
    void aHoldThatLapsesIsCanceledByNobody() {
        assertThat(changed(Decision.on(HELD, LAPSE)))
                .isEqualTo(
                        new Decision.Changed(
                                new Canceled(HELD, 8, CancellationReason.AUTOMATIC),
                                null,
                                EventType.CANCELED));
    }

    @Test
    void aRefundInVainLeavesTheMoneyWhereItIs() {
        Decision.Changed failed = changed(Decision.on(CAPTURED, giveBack(1_000L).failing()));

        assertThat(failed.intent()).isEqualTo(CAPTURED);
        assertThat(failed.event()).isEqualTo(EventType.REFUND_UPDATED);
        assertThat(failed.refund())
                .isNotNull()
                .extracting(Refund::status)
                .isEqualTo(RefundStatus.FAILED);
    }

    @Test
    void eachStateTakesTheCommandsOfItsRowAndRefusesTheOthers() {
        Map<Intent, List<Command.Change>> taken =
                Map.of(
                        AWAITING_METHOD, List.of(CONFIRM, CANCEL),
                        AWAITING_CONFIRMATION, List.of(CONFIRM, CANCEL),
                        HELD, List.of(CAPTURE, CANCEL, LAPSE),
                        CAPTURED, List.of(giveBack(null)),
                        CANCELED, List.of());

        taken.forEach((intent, commands) -> {
            for (Command.Change change : List.of(CONFIRM, CAPTURE, CANCEL, LAPSE, giveBack(null))) {
                Decision decision = Decision.on(intent, change);

                if (commands.contains(change)) {
                    assertThat(decision)
                            .as("%s on %s", change, intent)
                            .isInstanceOf(Decision.Changed.class);
                } else {
                    assertThat(error(decision).code())
                            .as("%s on %s", change, intent)
                            .isEqualTo("payment_intent_unexpected_state");
                    assertThat(error(decision).intent()).isEqualTo(intent);
                }
            }
        });
    }

    @Test
    void confirmingHoldsTheMoneyIfCapturedByHandAndTakesItIfNot() {
        Intent automatic = new AwaitingMethod(terms(CaptureMethod.AUTOMATIC), null);

        assertThat(changed(Decision.on(AWAITING_METHOD, CONFIRM)))
                .isEqualTo(
                        new Decision.Changed(
                                new Held(TERMS, TestMethod.MASTERCARD, "ch_2"),
                                null,
                                EventType.AMOUNT_CAPTURABLE_UPDATED));
        assertThat(changed(Decision.on(automatic, CONFIRM)))
                .isEqualTo(
                        new Decision.Changed(
                                new Captured(
                                        automatic.terms(), TestMethod.MASTERCARD, "ch_2", 1_000, 0),
                                null,
                                EventType.SUCCEEDED));
    }

    @Test
    void confirmingTakesTheMethodThatTheIntentHasUnlessAnotherIsNamed() {
        Command.Change unnamed = new Command.Confirm("pi_1", null, "ch_2");

        assertThat(changed(Decision.on(AWAITING_CONFIRMATION, unnamed)).intent())
                .isEqualTo(new Held(TERMS, TestMethod.VISA, "ch_2"));
        assertThat(changed(Decision.on(AWAITING_CONFIRMATION, CONFIRM)).intent())
                .isEqualTo(new Held(TERMS, TestMethod.MASTERCARD, "ch_2"));
        assertThat(error(Decision.on(AWAITING_METHOD, unnamed)).param())
                .isEqualTo("payment_method");
    }

    @Test
    void aDeclinedCardLeavesAnIntentThatAnotherCardCanPay() {
        Command.Change declined = new Command.Confirm("pi_1", TestMethod.OUT_OF_FUNDS, "ch_2");

        Decision.Declined decision = (Decision.Declined) Decision.on(AWAITING_METHOD, declined);

        assertThat(decision.decline().code()).isEqualTo(DeclineCode.INSUFFICIENT_FUNDS);
        assertThat(changed(Decision.on(decision.intent(), CONFIRM)).intent())
                .isEqualTo(new Held(TERMS, TestMethod.MASTERCARD, "ch_2"));
    }

    @Test
    void noMoreIsCapturedThanIsHeld() {
        Decision all = Decision.on(HELD, new Command.Capture("pi_1", OptionalLong.of(1_000)));
        Decision more = Decision.on(HELD, new Command.Capture("pi_1", OptionalLong.of(1_001)));

        assertThat(changed(all).intent()).isEqualTo(CAPTURED);
        assertThat(error(more).code()).isEqualTo("amount_too_large");
    }

    @Test
    void noMoreIsRefundedThanWasCaptured() {
        Captured part = new Captured(TERMS, TestMethod.VISA, "ch_1", 600, 200);

        assertThat(changed(Decision.on(part, giveBack(400L))).intent())
                .isEqualTo(new Captured(TERMS, TestMethod.VISA, "ch_1", 600, 600));
        assertThat(changed(Decision.on(part, giveBack(null))).refund())
                .extracting(Refund::amountMinor)
                .isEqualTo(400L);
        assertThat(error(Decision.on(part, giveBack(401L))).message())
                .isEqualTo(
                        "Refund amount (4.01 EUR) is greater than unrefunded amount on charge"
                                + " (4.00 EUR)");
        Intent empty = changed(Decision.on(part, giveBack(null))).intent();
        assertThat(error(Decision.on(empty, giveBack(1L))).code())
                .isEqualTo("charge_already_refunded");
    }

    @Test
    void theLedgerAccountsForEachStateAndNothingIsLost() {
        Intent partial = new Captured(TERMS, TestMethod.VISA, "ch_1", 700, 300);

        assertThat(LedgerItem.of(AWAITING_CONFIRMATION)).isEqualTo(ledger(0, 0, 0, 0));
        assertThat(LedgerItem.of(HELD)).isEqualTo(ledger(1_000, 0, 0, 0));
        assertThat(LedgerItem.of(partial)).isEqualTo(ledger(0, 700, 300, 300));
        assertThat(LedgerItem.of(CANCELED)).isEqualTo(ledger(0, 0, 0, 1_000));
        assertThat(LedgerItem.of(new Canceled(new AwaitingMethod(TERMS, null), 9, null)))
                .isEqualTo(ledger(0, 0, 0, 0));
    }

    @Test
    void recordsRefuseWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Captured(TERMS, TestMethod.VISA, "ch_1", 1_001, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Captured(TERMS, TestMethod.VISA, "ch_1", 500, 501));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Held(TERMS, TestMethod.VISA, "pi_1"));
    }

    @Test
    void noTokenOfAPaymentMethodIsPrintedByARecord() {
        assertThat(HELD + " " + CONFIRM).doesNotContain("pm_");
    }

    private static Command.GiveBack giveBack(@Nullable Long amountMinor) {
        OptionalLong amount =
                amountMinor == null ? OptionalLong.empty() : OptionalLong.of(amountMinor);
        return new Command.GiveBack("pi_1", "re_1", amount, null, Map.of(), 8, false);
    }

    private static Decision.Changed changed(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Changed.class);
        return (Decision.Changed) decision;
    }

    private static ApiError error(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).error();
    }

    private static LedgerItem ledger(long held, long captured, long refunded, long voided) {
        return new LedgerItem("o-1", "pi_1", held, captured, refunded, voided, "eur");
    }

    private static Terms terms(CaptureMethod captureMethod) {
        return new Terms(
                "pi_1", 5, 1_000, "eur", captureMethod, "secret", null, Map.of("orderId", "o-1"));
    }
}
