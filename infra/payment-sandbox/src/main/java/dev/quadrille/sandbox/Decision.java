package dev.quadrille.sandbox;

import dev.quadrille.sandbox.Intent.AwaitingConfirmation;
import dev.quadrille.sandbox.Intent.AwaitingMethod;
import dev.quadrille.sandbox.Intent.Canceled;
import dev.quadrille.sandbox.Intent.Captured;
import dev.quadrille.sandbox.Intent.Decline;
import dev.quadrille.sandbox.Intent.Held;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What becomes of a command: pure functions of the intent and the command, with an answer for each
/// pair. The table stands at [Intent].
sealed interface Decision {

    /// @param refund null unless money was given back
    /// @param event null if webhooks have no word for it
    record Changed(Intent intent, @Nullable Refund refund, @Nullable EventType event)
            implements Decision {}

    /// The card did not pay. That is a change as well: the intent waits for another card.
    record Declined(AwaitingMethod intent, Decline decline) implements Decision {}

    record Refused(ApiError error) implements Decision {}

    static Decision open(Command.Open open) {
        if (open.method() == null) {
            return open.confirm()
                    ? new Refused(ApiError.nothingToConfirm(null))
                    : new Changed(new AwaitingMethod(open.terms(), null), null, null);
        }
        return open.confirm()
                ? charge(open.terms(), open.method(), open.charge())
                : new Changed(new AwaitingConfirmation(open.terms(), open.method()), null, null);
    }

    static Decision on(Intent intent, Command.Change change) {
        return switch (change) {
            case Command.Confirm confirm -> confirm(intent, confirm);
            case Command.Capture capture -> capture(intent, capture);
            case Command.Cancel cancel -> cancel(intent, cancel);
            case Command.Lapse lapse -> lapse(intent, lapse);
            case Command.GiveBack back -> giveBack(intent, back);
        };
    }

    private static Decision confirm(Intent intent, Command.Confirm confirm) {
        return switch (intent) {
            case AwaitingMethod(Terms terms, _) ->
                    confirm.method() == null
                            ? new Refused(ApiError.nothingToConfirm(intent))
                            : charge(terms, confirm.method(), confirm.charge());
            case AwaitingConfirmation(Terms terms, TestMethod method) ->
                    charge(
                            terms,
                            confirm.method() == null ? method : confirm.method(),
                            confirm.charge());
            case Captured _ ->
                    refused(
                            intent,
                            "You cannot confirm this PaymentIntent because it has already succeeded"
                                    + " after being previously confirmed.");
            case Held _, Canceled _ ->
                    refused(
                            intent,
                            "This PaymentIntent could not be confirmed because it has a status of "
                                    + StripeJson.status(intent)
                                    + ". Only a PaymentIntent with one of the following statuses"
                                    + " may be confirmed: requires_payment_method,"
                                    + " requires_confirmation.");
        };
    }

    private static Decision charge(Terms terms, TestMethod method, String charge) {
        DeclineCode code = method.decline();
        if (code != null) {
            Decline decline = new Decline(method, code, charge);
            return new Declined(new AwaitingMethod(terms, decline), decline);
        }
        return switch (terms.captureMethod()) {
            case MANUAL ->
                    new Changed(
                            new Held(terms, method, charge),
                            null,
                            EventType.AMOUNT_CAPTURABLE_UPDATED);
            case AUTOMATIC, AUTOMATIC_ASYNC ->
                    new Changed(
                            new Captured(terms, method, charge, terms.amountMinor(), 0),
                            null,
                            EventType.SUCCEEDED);
        };
    }

    private static Decision capture(Intent intent, Command.Capture capture) {
        return switch (intent) {
            case Held held -> capture(held, capture.amountMinor().orElse(amount(held)));
            case Captured _ ->
                    refused(
                            intent,
                            "This PaymentIntent could not be captured because it has already been"
                                    + " captured.");
            case AwaitingMethod _, AwaitingConfirmation _, Canceled _ ->
                    refused(
                            intent,
                            "This PaymentIntent could not be captured because it has a status of "
                                    + StripeJson.status(intent)
                                    + ". Only a PaymentIntent with one of the following statuses"
                                    + " may be captured: requires_capture.");
        };
    }

    private static Decision capture(Held held, long amountMinor) {
        if (amountMinor > amount(held)) {
            return new Refused(
                    new ApiError(
                            400,
                            ApiError.INVALID_REQUEST,
                            "amount_too_large",
                            "The payment could not be captured because the requested capture amount"
                                    + " is greater than the amount you can capture for this"
                                    + " charge.",
                            "amount_to_capture",
                            held));
        }
        return new Changed(
                new Captured(held.terms(), held.method(), held.charge(), amountMinor, 0),
                null,
                EventType.SUCCEEDED);
    }

    private static Decision cancel(Intent intent, Command.Cancel cancel) {
        return switch (intent) {
            case Intent.Open open ->
                    new Changed(
                            new Canceled(open, cancel.atSeconds(), cancel.reason()),
                            null,
                            EventType.CANCELED);
            case Captured _, Canceled _ ->
                    refused(
                            intent,
                            "You cannot cancel this PaymentIntent because it has a status of "
                                    + StripeJson.status(intent)
                                    + ". Only a PaymentIntent with one of the following statuses"
                                    + " may be canceled: requires_payment_method, requires_capture,"
                                    + " requires_confirmation, requires_action, processing.");
        };
    }

    private static Decision lapse(Intent intent, Command.Lapse lapse) {
        return switch (intent) {
            case Held held ->
                    new Changed(
                            new Canceled(held, lapse.atSeconds(), CancellationReason.AUTOMATIC),
                            null,
                            EventType.CANCELED);
            case AwaitingMethod _, AwaitingConfirmation _, Captured _, Canceled _ ->
                    refused(
                            intent,
                            "The hold of this PaymentIntent cannot lapse because it has a status of"
                                    + " "
                                    + StripeJson.status(intent)
                                    + ". Only requires_capture can.");
        };
    }

    private static Decision giveBack(Intent intent, Command.GiveBack back) {
        return switch (intent) {
            case Captured captured -> giveBack(captured, back);
            case Held _ ->
                    refused(
                            intent,
                            "This PaymentIntent ("
                                    + intent.terms().id()
                                    + ") does not have a successful charge to refund: its charge"
                                    + " was not captured. You must cancel the PaymentIntent"
                                    + " instead.");
            case AwaitingMethod _, AwaitingConfirmation _, Canceled _ ->
                    refused(
                            intent,
                            "This PaymentIntent ("
                                    + intent.terms().id()
                                    + ") does not have a successful charge to refund.");
        };
    }

    private static Decision giveBack(Captured captured, Command.GiveBack back) {
        if (captured.refundableMinor() == 0) {
            return new Refused(
                    new ApiError(
                            400,
                            ApiError.INVALID_REQUEST,
                            "charge_already_refunded",
                            "Charge " + captured.charge() + " has already been refunded.",
                            null,
                            null));
        }
        long amountMinor = back.amountMinor().orElse(captured.refundableMinor());
        if (amountMinor > captured.refundableMinor()) {
            return new Refused(
                    ApiError.parameter(
                            null,
                            "Refund amount ("
                                    + readable(amountMinor, captured)
                                    + ") is greater than unrefunded amount on charge ("
                                    + readable(captured.refundableMinor(), captured)
                                    + ")",
                            "amount"));
        }
        Terms terms = captured.terms();
        if (back.inVain()) {
            var failed = refund(captured, back, amountMinor, RefundStatus.FAILED);
            return new Changed(captured, failed, EventType.REFUND_UPDATED);
        }
        return new Changed(
                new Captured(
                        terms,
                        captured.method(),
                        captured.charge(),
                        captured.capturedMinor(),
                        captured.refundedMinor() + amountMinor),
                refund(captured, back, amountMinor, RefundStatus.SUCCEEDED),
                EventType.CHARGE_REFUNDED);
    }

    private static Refund refund(
            Captured captured, Command.GiveBack back, long amountMinor, RefundStatus status) {
        return new Refund(
                back.refund(),
                captured.terms().id(),
                captured.charge(),
                amountMinor,
                captured.terms().currency(),
                back.atSeconds(),
                back.reason(),
                back.metadata(),
                status);
    }

    private static Decision refused(Intent intent, String message) {
        return new Refused(ApiError.unexpectedState(message, intent));
    }

    private static long amount(Intent intent) {
        return intent.terms().amountMinor();
    }

    private static String readable(long amountMinor, Intent intent) {
        String code = intent.terms().currency().toUpperCase(Locale.ROOT);
        int digits = Math.max(0, Currency.getInstance(code).getDefaultFractionDigits());
        return BigDecimal.valueOf(amountMinor, digits).toPlainString() + " " + code;
    }
}
