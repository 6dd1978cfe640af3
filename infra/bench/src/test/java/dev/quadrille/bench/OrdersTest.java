package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrdersTest {

    private static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void anOrderReadsAsTheContractSays() {
        var event = placed(1, 1000).getFirst();

        var order = order(event);
        assertThat(order.lines()).hasSize(2);
        assertThat(event.body()).hasSizeBetween(450, 700);
    }

    @Test
    void withOneProductAllOrdersAreAboutIt() {
        assertThat(placed(20, 1))
                .allSatisfy(event ->
                        assertThat(order(event).lines())
                                .singleElement()
                                .satisfies(
                                        line -> assertThat(line.sku()).isEqualTo(Orders.sku(0))));
    }

    @Test
    void everyOrderAndEveryEventIsAnotherOne() {
        var events = placed(1000, 3);

        assertThat(events).extracting(EncodedEvent::key).doesNotHaveDuplicates();
        assertThat(events).extracting(event -> event.attributes().id()).doesNotHaveDuplicates();
    }

    @Test
    void aggregatesTakeTurnsAndTheirVersionsRise() {
        var events = new Orders(1, BEGUN).inTurn(5, 2).toList();

        assertThat(events)
                .extracting(event -> event.attributes().sequence())
                .containsExactly(1L, 1L, 2L, 2L, 3L);
        assertThat(events.get(0).key()).isEqualTo(events.get(4).key());
        assertThat(events.get(0).key()).isNotEqualTo(events.get(1).key());
    }

    @Test
    void anOutboxRowHasTheShareThatDeliveryWouldGiveIt() {
        var event = placed(1, 2).getFirst();

        var row = RelayRuns.row(event);

        assertThat(row.getLast())
                .isEqualTo(Integer.toString(Math.floorMod(event.key().hashCode(), 8)));
        assertThat(row.get(1)).isEqualTo("order-events");
        assertThat(row.get(3)).isEqualTo("order-placed");
    }

    private static List<EncodedEvent> placed(int count, int skus) {
        return new Orders(1, BEGUN).placed(count, skus).toList();
    }

    private static OrderPlaced order(EncodedEvent event) {
        var headers = event.attributes().headers();
        var decoded =
                CloudEvents.decode(headers::get, event.body().getBytes(StandardCharsets.UTF_8));
        return (OrderPlaced) ((Decoded.Known) decoded).envelope().event();
    }
}
