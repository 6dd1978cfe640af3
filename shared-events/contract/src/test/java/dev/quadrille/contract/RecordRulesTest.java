package dev.quadrille.contract;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.ProductEvent.ProductListed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is checked when a record is read is checked when it is written too.
class RecordRulesTest {

    private static final UUID ORDER = new UUID(0, 1);
    private static final Instant NOW = Instant.parse("2026-03-14T09:26:53Z");
    private static final Money PRICE = new Money(1250, "EUR");

    @Test
    void orderHasOneToAHundredLines() {
        assertThat(placed(lines(1)).lines()).hasSize(1);
        assertThat(placed(lines(100)).lines()).hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() -> placed(lines(101)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> placed(List.of(), PRICE, NOW.plusSeconds(1)));
    }

    @Test
    void orderNamesASkuOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> placed(nCopies(2, lines(1).getFirst())))
                .withMessage("an order names each sku at most once");
    }

    @Test
    void totalIsTheSumOfTheLines() {
        assertThat(placed(lines(3)).total()).isEqualTo(new Money(3750, "EUR"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> placed(lines(1), new Money(1249, "EUR"), NOW.plusSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> placed(lines(1), new Money(1250, "USD"), NOW.plusSeconds(1)));
    }

    @Test
    void deadlineIsAfterThePlacing() {
        assertThat(placed(lines(1), PRICE, NOW.plusNanos(1_000)).deadline()).isAfter(NOW);
        assertThatIllegalArgumentException().isThrownBy(() -> placed(lines(1), PRICE, NOW));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_000_001})
    void quantityOfALineHasBounds(int quantity) {
        assertThat(new OrderLine("A", "a", 1_000_000, PRICE).quantity()).isEqualTo(1_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrderLine("A", "a", quantity, PRICE));
    }

    @Test
    void stockMovesByAtLeastOnePieceOfOneProduct() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StockLine("A", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StockReserved(ORDER, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new StockRejected(ORDER, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1, 2", "1, -1", "-1, -2"})
    void shortageHasLessThanRequested(int requested, long available) {
        assertThat(new Shortage("A", 1, 0).available()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Shortage("A", requested, available));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".A", "-A", "A/B", "A B", "Ä", "A\n"})
    void skuIsSafeInAUrlAndALogLine(String sku) {
        assertThatIllegalArgumentException().isThrownBy(() -> new StockLine(sku, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ProductListed(sku, "a", PRICE));
    }

    @Test
    void skuHasAtMostSixtyFourCharacters() {
        assertThat(new StockLine("A".repeat(64), 1).sku()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> new StockLine("A".repeat(65), 1));
    }

    @Test
    void recordKeepsItsOwnLines() {
        var lines = new ArrayList<>(List.of(new StockLine("A", 1)));
        var reserved = new StockReserved(ORDER, lines);

        lines.clear();

        assertThat(reserved.lines()).containsExactly(new StockLine("A", 1));
    }

    @Test
    void addressAndTokenPrintMasked() {
        assertThat(new EmailAddress("ada@example.com")).hasToString("***@example.com");
        assertThat(new EmailAddress("\"ada@home\"@example.com")).hasToString("***@example.com");
        assertThat(new PaymentMethod("pm_card_visa")).hasToString("pm_***");
    }

    @Test
    void whateverHoldsAnAddressOrATokenPrintsMasked() {
        var envelope = Released.sample(EventType.ORDER_PLACED).envelope();

        assertThat(List.of(envelope, new Decoded.Known(envelope), CloudEvents.encode(envelope)))
                .allSatisfy(holder ->
                        assertThat(holder.toString())
                                .contains("019cebab-8995-7baf-a221-56d2698c143b")
                                .doesNotContain("ada@")
                                .doesNotContain("card_visa"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ada", "@example.com"})
    void whatIsNoAddressIsRefusedWithoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EmailAddress(text))
                .withMessage("a mail address has an @");
    }

    private static OrderPlaced placed(List<OrderLine> lines) {
        return placed(lines, OrderLine.total(lines), NOW.plusSeconds(120));
    }

    private static OrderPlaced placed(List<OrderLine> lines, Money total, Instant deadline) {
        return new OrderPlaced(
                ORDER,
                new Customer("c-1", new EmailAddress("ada@example.com")),
                lines,
                total,
                new PaymentMethod("pm_card_visa"),
                NOW,
                deadline);
    }

    private static List<OrderLine> lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new OrderLine("SKU-" + i, "a", 1, PRICE))
                .toList();
    }
}
