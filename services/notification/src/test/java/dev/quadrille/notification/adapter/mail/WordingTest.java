package dev.quadrille.notification.adapter.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.notification.domain.OrderDetails;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WordingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|EUR|0.00 EUR",
                "5|EUR|0.05 EUR",
                "125050|EUR|1,250.50 EUR",
                "1000|JPY|1,000 JPY",
                "1234567|KWD|1,234.567 KWD",
                "7|XAU|7 XAU",
                "9223372036854775807|EUR|92,233,720,368,547,758.07 EUR",
            })
    void anAmountHasTheDecimalsOfItsCurrency(long minor, String currency, String words) {
        assertThat(Wording.amount(new Money(minor, currency))).isEqualTo(words);
    }

    @ParameterizedTest
    @EnumSource
    void aSubjectNamesTheOrderInOneLine(Kind kind) {
        assertThat(Wording.subject(kind, "37370CEA"))
                .contains("37370CEA")
                .matches("[\\x20-\\x7E]{10,78}");
    }

    @ParameterizedTest
    @EnumSource
    void eachReasonOfACancellationHasItsSentence(CancellationReason reason) {
        assertThat(Wording.reason(reason)).matches("[A-Z].{10,}\\.");
    }

    @Test
    void noTwoReasonsAndNoTwoKindsReadAlike() {
        assertThat(CancellationReason.values()).extracting(Wording::reason).doesNotHaveDuplicates();
        assertThat(Kind.values())
                .extracting(kind -> Wording.subject(kind, "37370CEA"))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesStayInTheirLine() {
        assertThat(Wording.oneLine(" Tea\r\nTotal: 0.00 EUR\u0000\u2028\u0085x "))
                .isEqualTo("Tea Total: 0.00 EUR x");
    }

    @Test
    void anOrderIsKnownByTheEndOfItsId() {
        var words =
                OrderWords.of(
                        new OrderDetails(
                                UUID.fromString("01a1fc2e-38b1-7980-9372-abf737370cea"),
                                new Customer("c-1", new EmailAddress("ada@x.example")),
                                List.of(new OrderLine("TEA-01", "Tea\n", 3, new Money(450, "EUR"))),
                                new Money(1350, "EUR")));

        assertThat(words)
                .isEqualTo(
                        new OrderWords(
                                "37370CEA",
                                List.of(new OrderWords.LineWords("Tea", 3, "13.50 EUR")),
                                "13.50 EUR"));
    }
}
