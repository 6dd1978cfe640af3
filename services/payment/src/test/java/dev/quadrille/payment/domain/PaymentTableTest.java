package dev.quadrille.payment.domain;

import static dev.quadrille.payment.domain.Samples.AMOUNT;
import static dev.quadrille.payment.domain.Samples.INTENT;
import static dev.quadrille.payment.domain.Samples.ORDER;
import static dev.quadrille.payment.domain.Samples.PLACED;
import static dev.quadrille.payment.domain.Samples.RESERVED;
import static dev.quadrille.payment.domain.Samples.RETURNED;
import static dev.quadrille.payment.domain.Samples.SHIPPED;
import static dev.quadrille.payment.domain.Samples.VISA;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.EventType;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Capturing;
import dev.quadrille.payment.domain.Payment.CapturingToRefund;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Refunding;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every state meets every input.
class PaymentTableTest {

    private static final Map<String, Payment> STATES = new LinkedHashMap<>();
    private static final Map<String, PaymentInput> INPUTS = new LinkedHashMap<>();

    static {
        STATES.put("Unknown", new Unknown());
        STATES.put("AwaitingStock", new AwaitingStock(ORDER, AMOUNT, VISA));
        STATES.put("AwaitingOrder", new AwaitingOrder(ORDER));
        STATES.put("Authorizing", new Authorizing(ORDER, AMOUNT, VISA, false));
        STATES.put("Authorizing asked", new Authorizing(ORDER, AMOUNT, VISA, true));
        STATES.put("Authorized", new Authorized(ORDER, AMOUNT, INTENT));
        STATES.put("Declined", new Declined(ORDER, AMOUNT, "insufficient_funds"));
        STATES.put("Abandoning", new Abandoning(ORDER, AMOUNT, VISA));
        STATES.put("Voiding", new Voiding(ORDER, AMOUNT, INTENT));
        STATES.put("Voided", new Voided(ORDER, AMOUNT, INTENT));
        STATES.put("Cancelled", new Cancelled(ORDER, null));
        STATES.put("Capturing", new Capturing(ORDER, AMOUNT, INTENT));
        STATES.put("Captured", new Captured(ORDER, AMOUNT, INTENT));
        STATES.put("CapturingToRefund", new CapturingToRefund(ORDER, AMOUNT, INTENT));
        STATES.put("Refunding", new Refunding(ORDER, AMOUNT, INTENT));
        STATES.put("Refunded", new Refunded(ORDER, AMOUNT, INTENT));

        INPUTS.put("Placed", new Heard(PLACED));
        INPUTS.put("Reserved", new Heard(RESERVED));
        INPUTS.put("Cancelled", cancelled(CancellationReason.TIMED_OUT));
        INPUTS.put("Cancelled no stock", cancelled(CancellationReason.OUT_OF_STOCK));
        INPUTS.put("Shipped", new Heard(SHIPPED));
        INPUTS.put("Returned", new Heard(RETURNED));
        INPUTS.put("authorized", new ProviderAuthorized(INTENT));
        INPUTS.put("authorized other", new ProviderAuthorized("pi_2"));
        INPUTS.put("declined", new ProviderDeclined("insufficient_funds"));
        INPUTS.put("captured", new ProviderCaptured(INTENT));
        INPUTS.put("captured other", new ProviderCaptured("pi_2"));
        INPUTS.put("voided", new ProviderVoided(INTENT));
        INPUTS.put("voided other", new ProviderVoided("pi_2"));
        INPUTS.put("refunded", new ProviderRefunded(INTENT));
        INPUTS.put("refunded other", new ProviderRefunded("pi_2"));
    }

    private static final String TABLE =
            """
                              | Placed        | Reserved      | Cancelled         | Cancelled no stock | Shipped   | Returned          | authorized             | authorized other       | declined           | captured            | captured other | voided             | voided other       | refunded           | refunded other
            Unknown           | AwaitingStock | AwaitingOrder | Cancelled !Voided | Cancelled          | reject    | reject            | reject                 | reject                 | reject             | reject              | reject         | reject             | reject             | reject             | reject
            AwaitingStock     | -             | Authorizing   | Cancelled !Voided | Cancelled          | reject    | reject            | reject                 | reject                 | reject             | reject              | reject         | reject             | reject             | reject             | reject
            AwaitingOrder     | Authorizing   | -             | Cancelled !Voided | Cancelled          | reject    | reject            | reject                 | reject                 | reject             | reject              | reject         | reject             | reject             | reject             | reject
            Authorizing       | -             | -             | Cancelled !Voided | Cancelled          | reject    | reject            | Authorized !Authorized | Authorized !Authorized | Declined !Declined | reject              | reject         | reject             | reject             | reject             | reject
            Authorizing asked | -             | -             | Abandoning        | Abandoning         | reject    | reject            | Authorized !Authorized | Authorized !Authorized | Declined !Declined | reject              | reject         | Declined !Declined | Declined !Declined | reject             | reject
            Authorized        | -             | -             | Voiding           | Voiding            | Capturing | reject            | -                      | reject                 | reject             | reject              | reject         | Voided !Voided     | reject             | reject             | reject
            Declined          | -             | -             | -                 | -                  | reject    | reject            | Voiding                | Voiding                | -                  | reject              | reject         | -                  | -                  | reject             | reject
            Abandoning        | -             | -             | -                 | -                  | reject    | reject            | Voiding                | Voiding                | Declined !Declined | reject              | reject         | Voided !Voided     | Voided !Voided     | reject             | reject
            Voiding           | -             | -             | -                 | -                  | reject    | reject            | -                      | reject                 | reject             | Refunding           | reject         | Voided !Voided     | reject             | reject             | reject
            Voided            | -             | -             | -                 | -                  | reject    | -                 | -                      | reject                 | reject             | reject              | reject         | -                  | reject             | reject             | reject
            Cancelled         | -             | -             | -                 | -                  | reject    | reject            | reject                 | reject                 | reject             | reject              | reject         | reject             | reject             | reject             | reject
            Capturing         | -             | -             | reject            | reject             | -         | CapturingToRefund | -                      | reject                 | reject             | Captured !Captured  | reject         | Voided !Voided     | reject             | reject             | reject
            Captured          | -             | -             | reject            | reject             | -         | Refunding         | -                      | reject                 | reject             | -                   | reject         | reject             | reject             | reject             | reject
            CapturingToRefund | -             | -             | reject            | reject             | -         | -                 | -                      | reject                 | reject             | Refunding !Captured | reject         | Voided !Voided     | reject             | reject             | reject
            Refunding         | -             | -             | -                 | -                  | -         | -                 | -                      | reject                 | reject             | -                   | reject         | reject             | reject             | Refunded !Refunded | reject
            Refunded          | -             | -             | -                 | -                  | -         | -                 | -                      | reject                 | reject             | -                   | reject         | reject             | reject             | -                  | reject
            """;

    @Test
    void everyStateAnswersEveryInputAsTheTableSays() {
        var decided = new StringBuilder();
        for (var row : rows().subList(1, rows().size())) {
            decided.append(row.getFirst());
            for (var input : rows().getFirst().subList(1, rows().getFirst().size())) {
                decided.append(" | ").append(shown(STATES.get(row.getFirst()), INPUTS.get(input)));
            }
            decided.append('\n');
        }

        assertThat(decided.toString())
                .isEqualTo(
                        rows().stream()
                                .skip(1)
                                .map(row -> String.join(" | ", row) + "\n")
                                .collect(joining()));
    }

    @Test
    void theTableNamesEveryStateAndEveryAnswerThereIs() {
        assertThat(STATES.values().stream().map(Object::getClass).collect(toSet()))
                .isEqualTo(leaves(Payment.class).collect(toSet()));
        assertThat(INPUTS.values().stream().map(Object::getClass).collect(toSet()))
                .isEqualTo(leaves(PaymentInput.class).collect(toSet()));
        assertThat(rows().stream().skip(1).map(List::getFirst))
                .containsExactlyElementsOf(STATES.keySet());
        assertThat(rows().getFirst().stream().skip(1)).containsExactlyElementsOf(INPUTS.keySet());
    }

    @Test
    void eventsOfOthersMoveNoPayment() {
        for (var payment : STATES.values()) {
            for (var event : Samples.OTHER_EVENTS) {
                var decision = PaymentDecider.decide(payment, new Heard(event));

                assertThat(decision).isEqualTo(new Ignore<>("not-for-payments"));
            }
        }
    }

    @Test
    void everyEventOfTheContractIsTried() {
        var tried = new HashSet<Class<?>>();
        Samples.OTHER_EVENTS.forEach(event -> tried.add(event.getClass()));
        INPUTS.values()
                .forEach(input -> {
                    if (input instanceof Heard(var event)) {
                        tried.add(event.getClass());
                    }
                });

        assertThat(tried)
                .isEqualTo(
                        Arrays.stream(EventType.values())
                                .map(EventType::recordClass)
                                .collect(toSet()));
    }

    private static Heard cancelled(CancellationReason reason) {
        return new Heard(Samples.cancelled(reason));
    }

    private static String shown(Payment payment, PaymentInput input) {
        return switch (PaymentDecider.decide(payment, input)) {
            case Ignore<Known, ?> _ -> "-";
            case Reject<Known, ?> _ -> "reject";
            case Advance<Known, ?>(var state, var events) ->
                    state.getClass().getSimpleName()
                            + events.stream()
                                    .map(event -> event.getClass().getSimpleName())
                                    .map(name -> " !" + name.replace("Payment", ""))
                                    .collect(joining());
        };
    }

    private static List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        TABLE.lines()
                .forEach(line ->
                        rows.add(Arrays.stream(line.split("\\|")).map(String::strip).toList()));
        return rows;
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(PaymentTableTest::leaves)
                : Stream.of(type);
    }
}
