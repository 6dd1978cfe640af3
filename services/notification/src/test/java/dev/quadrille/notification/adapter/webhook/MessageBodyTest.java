package dev.quadrille.notification.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.notification.domain.News;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.News.Refunded;
import dev.quadrille.notification.domain.News.Returned;
import dev.quadrille.notification.domain.News.Shipped;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageBodyTest {

    private static final UUID ORDER_ID = UUID.fromString("01a1fc2e-38b1-7980-9372-abf737370cea");
    private static final Instant AT = Instant.parse("2026-11-21T03:00:00.123456Z");

    @ParameterizedTest
    @MethodSource
    void eachKindTellsItsFactsAndNothingOfTheCustomer(News news, String type, String facts) {
        assertThat(MessageBody.of(ORDER_ID, news, AT))
                .isEqualTo(
                        "{\"type\":\"%s\",\"timestamp\":\"2026-11-21T03:00:00.123456Z\",\"data\":{\"orderId\":\"%s\"%s}}"
                                .formatted(type, ORDER_ID, facts));
    }

    static Stream<Arguments> eachKindTellsItsFactsAndNothingOfTheCustomer() {
        return Stream.of(
                arguments(new Confirmed(), "order-confirmed", ""),
                arguments(
                        new Cancelled(CancellationReason.TIMED_OUT),
                        "order-cancelled",
                        ",\"reason\":\"TIMED_OUT\""),
                arguments(
                        new Shipped("DHL \"x\"\n", "JJD1"),
                        "order-shipped",
                        ",\"carrier\":\"DHL \\\"x\\\"\\n\",\"trackingNumber\":\"JJD1\""),
                arguments(new Returned(), "order-returned", ""),
                arguments(
                        new Refunded(new Money(900, "EUR")),
                        "payment-refunded",
                        ",\"amount\":{\"amountMinor\":900,\"currency\":\"EUR\"}"));
    }
}
