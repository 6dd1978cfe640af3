package dev.quadrille.bench;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Orders as they come: each of two products, or of the only one there is; and products.
final class Orders {

    private final SplittableRandom random;
    private final Instant begun;
    private long events;

    /// @param seed the same one gives the same orders but for their time
    Orders(long seed, Instant begun) {
        this.random = new SplittableRandom(seed);
        this.begun = begun.truncatedTo(ChronoUnit.MICROS);
    }

    static String sku(int number) {
        return "BENCH-%05d".formatted(number);
    }

    /// Each order is another one.
    Stream<EncodedEvent> placed(int count, int skus) {
        return IntStream.range(0, count).mapToObj(_ -> event(id(), 1, skus));
    }

    /// Products that nobody orders, each another one.
    Stream<EncodedEvent> listed(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> {
                    events++;
                    String sku = "NEW-%016X".formatted(random.nextLong());
                    var listed =
                            new ProductListed(sku, "A product that is new", new Money(1999, "EUR"));
                    return CloudEvents.encode(
                            new Envelope<>(id(), now(), 1, null, traceparent(), listed));
                });
    }

    /// Several events for each of some aggregates, which take turns.
    Stream<EncodedEvent> inTurn(int count, int aggregates) {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < Math.min(count, aggregates); i++) {
            ids.add(id());
        }
        return IntStream.range(0, count)
                .mapToObj(i -> event(ids.get(i % ids.size()), 1 + i / ids.size(), 1000));
    }

    private EncodedEvent event(UUID orderId, long sequence, int skus) {
        events++;
        var lines = new ArrayList<OrderLine>();
        int first = random.nextInt(skus);
        lines.add(line(first));
        if (skus > 1) {
            lines.add(line((first + 1 + random.nextInt(skus - 1)) % skus));
        }
        String customer = "customer-%06d".formatted(random.nextInt(1_000_000));
        var placed =
                new OrderPlaced(
                        orderId,
                        new Customer(customer, new EmailAddress(customer + "@example.com")),
                        List.copyOf(lines),
                        OrderLine.total(lines),
                        new PaymentMethod("pm_card_visa"),
                        now(),
                        now().plus(Duration.ofMinutes(2)));
        return CloudEvents.encode(
                new Envelope<>(id(), now(), sequence, null, traceparent(), placed));
    }

    /// As if 20,000 came in a second: ids rise with time, so where an index grows depends on it.
    private Instant now() {
        return begun.plus(Duration.ofNanos(events * 50_000));
    }

    private static OrderLine line(int sku) {
        return new OrderLine(
                sku(sku), "A product of the bench, no. " + sku, 1, new Money(1999, "EUR"));
    }

    private UUID id() {
        return UuidV7.at(now(), random);
    }

    private String traceparent() {
        return "00-%016x%016x-%016x-01"
                .formatted(random.nextLong() | 1, random.nextLong(), random.nextLong() | 1);
    }
}
