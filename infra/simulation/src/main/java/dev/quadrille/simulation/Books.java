package dev.quadrille.simulation;

import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the provider has done for one order. It does what is asked under one key once, and answers
/// the same each time; an errand about an intent that has moved on is answered by where it is,
/// which is what the payment service reads from the provider's errors.
///
/// @param declined keys under which it refused
record Books(List<Intent> intents, List<String> declined) {

    static final Books EMPTY = new Books(List.of(), List.of());

    Books {
        intents = List.copyOf(intents);
        declined = List.copyOf(declined);
    }

    /// A payment intent, in minor units.
    ///
    /// @param key under which it was created
    /// @param refunds keys under which it was refunded
    record Intent(
            String reference,
            String key,
            long held,
            long captured,
            long refunded,
            List<String> refunds) {

        Intent {
            refunds = List.copyOf(refunds);
        }

        boolean voided() {
            return held == 0 && captured == 0;
        }

        private ProviderAnswer authorized() {
            return voided() ? new ProviderVoided(reference) : new ProviderAuthorized(reference);
        }

        private Optional<ProviderAnswer> ended() {
            return voided()
                    ? Optional.of(new ProviderVoided(reference))
                    : captured > 0
                            ? Optional.of(new ProviderCaptured(reference))
                            : Optional.empty();
        }

        private Intent letGo() {
            return new Intent(reference, key, 0, captured, refunded, refunds);
        }

        private Intent capture(long amount) {
            return new Intent(reference, key, 0, amount, refunded, refunds);
        }

        private Intent refund(long amount, String refundKey) {
            var all = new ArrayList<>(refunds);
            all.add(refundKey);
            return new Intent(reference, key, held, captured, refunded + amount, all);
        }
    }

    /// What came of a request.
    record Served(Books books, ProviderAnswer answer) {}

    /// @param accepts whether the customer's bank would let the amount be held
    Served serve(Errand errand, String key, boolean accepts) {
        return switch (errand) {
            case Errand.Authorize(_, var amount, _) ->
                    authorize(key, amount.amountMinor(), accepts);
            case Errand.LetGo(_, var reference) -> letGo(intent(reference));
            case Errand.Capture(_, var amount, var reference) ->
                    capture(intent(reference), amount.amountMinor());
            case Errand.Refund(_, var amount, var reference) ->
                    refund(intent(reference), amount.amountMinor(), key);
        };
    }

    /// Whether an errand is done, or can never be.
    Optional<ProviderAnswer> query(Errand errand) {
        return switch (errand) {
            case Errand.Authorize _ -> intents.stream().findFirst().map(Intent::authorized);
            case Errand.LetGo(_, var reference) -> intent(reference).ended();
            case Errand.Capture(_, _, var reference) -> intent(reference).ended();
            case Errand.Refund(_, _, var reference) ->
                    intent(reference).refunded() > 0
                            ? Optional.of(new ProviderRefunded(reference))
                            : Optional.empty();
        };
    }

    /// The hold of an intent lapses, as one does after some days. Empty if nothing is held.
    Optional<Served> lapse() {
        return intents.stream()
                .filter(intent -> intent.held() > 0)
                .findFirst()
                .map(held -> new Served(with(held.letGo()), new ProviderVoided(held.reference())));
    }

    private Served authorize(String key, long amount, boolean accepts) {
        var known = intents.stream().filter(intent -> intent.key().equals(key)).findFirst();
        if (known.isPresent()) {
            return new Served(this, new ProviderAuthorized(known.get().reference()));
        }
        if (declined.contains(key) || !accepts) {
            return new Served(
                    new Books(intents, distinct(declined, key)), new ProviderDeclined("declined"));
        }
        var reference = "pi_" + (intents.size() + 1);
        var all = new ArrayList<>(intents);
        all.add(new Intent(reference, key, amount, 0, 0, List.of()));
        return new Served(new Books(all, declined), new ProviderAuthorized(reference));
    }

    private Served letGo(Intent intent) {
        return intent.captured() > 0
                ? new Served(this, new ProviderCaptured(intent.reference()))
                : new Served(with(intent.letGo()), new ProviderVoided(intent.reference()));
    }

    private Served capture(Intent intent, long amount) {
        if (intent.voided()) {
            return new Served(this, new ProviderVoided(intent.reference()));
        }
        return new Served(
                intent.captured() > 0 ? this : with(intent.capture(amount)),
                new ProviderCaptured(intent.reference()));
    }

    /// Under another key the provider would refund again, as far as there is something left; that
    /// it does not check this here lets a second refund be seen.
    private Served refund(Intent intent, long amount, String key) {
        return new Served(
                intent.refunds().contains(key) ? this : with(intent.refund(amount, key)),
                new ProviderRefunded(intent.reference()));
    }

    private Intent intent(String reference) {
        return intents.stream()
                .filter(intent -> intent.reference().equals(reference))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the provider knows no " + reference));
    }

    private Books with(Intent changed) {
        return new Books(
                intents.stream()
                        .map(intent ->
                                intent.reference().equals(changed.reference()) ? changed : intent)
                        .toList(),
                declined);
    }

    private static List<String> distinct(List<String> keys, String key) {
        if (keys.contains(key)) {
            return keys;
        }
        var all = new ArrayList<>(keys);
        all.add(key);
        return all;
    }
}
