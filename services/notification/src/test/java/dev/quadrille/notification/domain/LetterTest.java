package dev.quadrille.notification.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.notification.domain.Correspondence.Early;
import dev.quadrille.notification.domain.Correspondence.Open;
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.EndpointInput.RotateSecret;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.Notification.Sending;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What it takes to write or to call, and that none of it shows where it is printed.
class LetterTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final UUID ORDER = new UUID(0, 1);
    private static final Money PRICE = new Money(450, "EUR");
    private static final OrderDetails DETAILS =
            new OrderDetails(
                    ORDER,
                    new Customer("c-1", new EmailAddress("ada@example.com")),
                    List.of(new OrderLine("TEA", "Tea", 1, PRICE)),
                    PRICE);
    private static final Open CORRESPONDENCE =
            new Open(
                    DETAILS,
                    List.of(
                            new DatedNews(new Confirmed(), null),
                            new DatedNews(
                                    new Cancelled(CancellationReason.CUSTOMER_REQUEST), null)));

    @Test
    void aLetterTellsTheNewsOfItsKind() {
        var letter = Letter.of(sending(Kind.ORDER_CANCELLED), CORRESPONDENCE);

        assertThat(letter)
                .isEqualTo(
                        new Letter(
                                sending(Kind.ORDER_CANCELLED).details(),
                                2,
                                DETAILS,
                                new Cancelled(CancellationReason.CUSTOMER_REQUEST)));
    }

    @Test
    void aLetterWithoutItsNewsIsAFault() {
        assertThatThrownBy(() -> Letter.of(sending(Kind.ORDER_SHIPPED), CORRESPONDENCE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void correspondencesAreKeyedByTheirOrder() {
        assertThat(CORRESPONDENCE.subject()).isEqualTo(ORDER.toString());
        assertThat(new Early(ORDER, List.of()).subject()).isEqualTo(ORDER.toString());
    }

    @Test
    void nothingThatIsPrintedShowsAnAddressOrASecret() {
        var endpoint =
                new EndpointDetails(
                        new UUID(0, 3), "https://receiver.example/s3cret", List.of(Kind.values()));
        var call =
                new Call(
                        new Attempting(
                                new DeliveryDetails(
                                        new UUID(0, 4),
                                        new UUID(0, 2),
                                        endpoint.id(),
                                        ORDER,
                                        Kind.ORDER_SHIPPED),
                                new Tries(7, 2, null, null),
                                NOW),
                        endpoint,
                        List.of("whsec_MQ=="),
                        "{}");

        assertThat(call.attempt()).isEqualTo(7);
        assertThat(call).hasToString("attempt 7 of delivery " + new UUID(0, 4));
        assertThat(endpoint).hasToString("endpoint " + new UUID(0, 3));
        assertThat(SigningSecrets.of("whsec_MQ==")).hasToString("whsec_***");
        assertThat(new RotateSecret("whsec_MQ==")).hasToString("RotateSecret[***]");
        assertThat(Letter.of(sending(Kind.ORDER_CONFIRMED), CORRESPONDENCE))
                .hasToString("mail " + new UUID(0, 2));
    }

    private static Sending sending(Kind kind) {
        return new Sending(
                new NotificationDetails(
                        new UUID(0, 2), ORDER, kind, Channel.EMAIL, new UUID(0, 5), null),
                2,
                NOW);
    }
}
