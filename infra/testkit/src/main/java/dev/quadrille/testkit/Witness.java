package dev.quadrille.testkit;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.contract.Topic;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// Looks at a running stack from outside, and takes down what [Invariants] judges. It asks the
/// databases, the broker, the provider and the mail sink themselves, never a service.
public final class Witness implements AutoCloseable {

    public static final List<String> SERVICES =
            List.of("order", "inventory", "payment", "notification");

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final Duration BROKER_ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final int MOST_INTENTS = 10_000;

    /// A mail address of the tests, or a payment method's token.
    private static final Pattern LEAK =
            Pattern.compile("[\\w.+-]+@example\\.com|pm_(card|sandbox)_");

    private final TestStack stack;
    private final Wire wire;
    private final Admin admin;

    /// @param took until there was rest
    /// @param last what there was to wait for at the end
    public record Rest(Duration took, List<String> last) {}

    public Witness(TestStack stack) {
        this.stack = stack;
        this.wire = Wire.of(stack.kafka());
        this.admin =
                Admin.create(
                        Map.of(
                                "bootstrap.servers",
                                stack.kafka(),
                                // It is to know at once when a broker has come back.
                                "request.timeout.ms",
                                "2000",
                                "reconnect.backoff.max.ms",
                                "200",
                                "retry.backoff.max.ms",
                                "200"));
    }

    public Wire wire() {
        return wire;
    }

    public Admin admin() {
        return admin;
    }

    /// Waits until nobody owes these orders anything, all outboxes are empty, and everything on the
    /// topics was read (invariant I14).
    ///
    /// @throws AssertionError if it takes longer; it says what is left
    public Rest awaitRest(Collection<UUID> orders, Duration atMost) {
        long begun = System.nanoTime();
        var left = new AtomicReference<List<String>>(List.of());
        try {
            Awaitility.await()
                    .atMost(atMost)
                    .pollInterval(LOOK_INTERVAL)
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        var unrest = unrestAsFarAsKnown(orders);
                        // Whose time is up is interrupted while asking, which is no news.
                        if (!unrest.isEmpty() && !Thread.currentThread().isInterrupted()) {
                            left.set(unrest);
                        }
                        return unrest.isEmpty();
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("after " + atMost + " there is still " + left.get(), e);
        }
        return new Rest(Duration.ofNanos(System.nanoTime() - begun), left.get());
    }

    /// Takes down everything.
    ///
    /// @param customers whose mailboxes are looked into
    public Evidence look(Collection<String> customers) {
        var lines = new HashMap<UUID, Map<String, Long>>();
        query(
                "inventory",
                """
                select order_id, line->>'sku' as sku, (line->>'quantity')::bigint as quantity
                from reservations, jsonb_array_elements(lines) as line
                """,
                row ->
                        lines.computeIfAbsent(id(row, "order_id"), _ -> new TreeMap<>())
                                .put(row.getString("sku"), row.getLong("quantity")));
        return new Evidence(
                orders(),
                query(
                        "order",
                        "select order_id, type, source, sequence from timeline order by position",
                        row ->
                                new Evidence.Step(
                                        id(row, "order_id"),
                                        row.getString("type"),
                                        row.getString("source"),
                                        row.getLong("sequence"))),
                byKey(
                        query(
                                "inventory",
                                "select order_id, state from reservations",
                                row ->
                                        new Evidence.Reservation(
                                                id(row, "order_id"),
                                                row.getString("state"),
                                                lines.getOrDefault(id(row, "order_id"), Map.of()))),
                        Evidence.Reservation::orderId),
                byKey(
                        query(
                                "inventory",
                                "select sku, on_hand, reserved from stock",
                                row ->
                                        new Evidence.Stock(
                                                row.getString("sku"),
                                                row.getLong("on_hand"),
                                                row.getLong("reserved"))),
                        Evidence.Stock::sku),
                query(
                        "inventory",
                        """
                        select sku, cause, on_hand_delta, reserved_delta, order_id from stock_ledger
                        order by position
                        """,
                        row ->
                                new Evidence.StockMove(
                                        row.getString("sku"),
                                        row.getString("cause"),
                                        row.getLong("on_hand_delta"),
                                        row.getLong("reserved_delta"),
                                        row.getObject("order_id", UUID.class))),
                byKey(
                        query(
                                "payment",
                                "select order_id, state from payments",
                                row ->
                                        new Evidence.Payment(
                                                id(row, "order_id"), row.getString("state"))),
                        Evidence.Payment::orderId),
                intents(),
                query(
                        "notification",
                        "select id, order_id, kind, channel, state from notifications",
                        row ->
                                new Evidence.Notification(
                                        id(row, "id"),
                                        id(row, "order_id"),
                                        row.getString("kind"),
                                        row.getString("channel"),
                                        row.getString("state"))),
                customers.stream().flatMap(each -> mailbox(each).mails().stream()).toList(),
                SERVICES.stream()
                        .collect(
                                toMap(
                                        Function.identity(),
                                        service -> count(service, "select count(*) from outbox"))),
                query(
                                "order",
                                "select key, resource from idempotency_keys",
                                row -> Map.entry(row.getString("key"), id(row, "resource")))
                        .stream()
                        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (_, last) -> last)),
                published());
    }

    public Mailbox mailbox(String customer) {
        return new Mailbox(stack.port("mail.imap.port"), customer);
    }

    /// Every row of every table of the domain, as text: all but the tables of delivery, and those
    /// of the migrations.
    public Map<String, List<String>> tables() {
        var dump = new TreeMap<String, List<String>>();
        for (var service : SERVICES) {
            var tables =
                    query(
                            service,
                            """
                            select table_name from information_schema.tables
                            where table_schema = 'public' and table_type = 'BASE TABLE'
                              and table_name !~ '^(outbox|inbox|parked|flyway)'
                            """,
                            row -> row.getString(1));
            for (var table : tables) {
                dump.put(
                        service + "." + table,
                        query(
                                service,
                                "select t::text from " + table + " t order by 1",
                                row -> row.getString(1)));
            }
        }
        return dump;
    }

    /// Lines of the services' logs that say what is personal (invariant I15).
    public List<String> leaks() {
        var leaks = new ArrayList<String>();
        for (var service : stack.services()) {
            try (Stream<String> lines =
                    Files.lines(stack.log(service), StandardCharsets.ISO_8859_1)) {
                lines.filter(line -> LEAK.matcher(line).find())
                        .map(line -> service + ": " + line)
                        .forEach(leaks::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return leaks;
    }

    /// The intents that the provider has on its books.
    public List<Evidence.Intent> intents() {
        List<Map<String, Object>> items =
                RestAssured.given()
                        .queryParam("limit", MOST_INTENTS)
                        .get(stack.url("payment-sandbox") + "/sandbox/ledger")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath()
                        .getList("items");
        if (items.size() == MOST_INTENTS) {
            throw new IllegalStateException("the provider has more intents than it shows");
        }
        return items.stream()
                .map(item ->
                        new Evidence.Intent(
                                UUID.fromString(String.valueOf(item.get("orderId"))),
                                String.valueOf(item.get("intent")),
                                amount(item, "held"),
                                amount(item, "captured"),
                                amount(item, "refunded")))
                .toList();
    }

    /// How many records each group has not read, by topic; those of which it has read all are not
    /// in it.
    public Map<String, Long> lag() {
        var lags = new TreeMap<String, Long>();
        var ends = ends();
        for (var service : SERVICES) {
            var read =
                    await(admin.listConsumerGroupOffsets(service).partitionsToOffsetAndMetadata());
            read.forEach((partition, offset) -> {
                var end = ends.get(partition);
                if (end != null && offset != null && offset.offset() < end.offset()) {
                    lags.merge(
                            service + " of " + partition.topic(),
                            end.offset() - offset.offset(),
                            Long::sum);
                }
            });
        }
        return lags;
    }

    /// Runs a query on a service's database.
    public <T> List<T> query(String service, String sql, Row<T> row) {
        try (Connection connection = stack.connect(service);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            var all = new ArrayList<T>();
            while (rows.next()) {
                all.add(row.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /// Runs a statement on a service's database.
    public void run(String service, String sql) {
        try (Connection connection = stack.connect(service);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long count(String service, String sql) {
        return query(service, sql, row -> row.getLong(1)).getFirst();
    }

    /// Waits for an answer of the broker's.
    public static <T> T await(org.apache.kafka.common.KafkaFuture<T> answer) {
        try {
            return answer.get(BROKER_ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer from the broker", e);
        }
    }

    @Override
    public void close() {
        admin.close();
        wire.close();
    }

    /// Reads one row.
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private List<String> unrestAsFarAsKnown(Collection<UUID> ids) {
        try {
            return unrest(ids);
        } catch (RuntimeException e) {
            return List.of("what cannot be asked: " + e + ", " + e.getCause());
        }
    }

    /// A CONFIRMED order waits for a person, and so does a shipped one that nobody pays.
    private List<String> unrest(Collection<UUID> ids) {
        var left = new ArrayList<String>();
        for (var service : SERVICES) {
            long rows = count(service, "select count(*) from outbox");
            if (rows > 0) {
                left.add(rows + " rows in the outbox of " + service);
            }
        }
        var wanted = new HashSet<>(ids);
        var open =
                query(
                                "order",
                                """
                                select id, status, stock, payment from orders
                                where not settled and status <> 'CONFIRMED'
                                    and not (status = 'SHIPPED' and payment = 'VOIDED')
                                """,
                                row ->
                                        Map.entry(
                                                id(row, "id"),
                                                "%s %s %s %s"
                                                        .formatted(
                                                                row.getString(1),
                                                                row.getString(2),
                                                                row.getString(3),
                                                                row.getString(4))))
                        .stream()
                        .filter(entry -> wanted.contains(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
        if (!open.isEmpty()) {
            left.add(open.size() + " orders, of which " + open.getFirst());
        }
        if (count("payment", "select count(*) from payments where work is not null") > 0) {
            left.add("something to ask the provider");
        }
        if (count(
                        "notification",
                        "select count(*) from notifications where state in ('PENDING', 'SENDING',"
                                + " 'DELIVERING')")
                > 0) {
            left.add("a mail to send");
        }
        var lag = lag();
        if (!lag.isEmpty()) {
            left.add("unread: " + lag);
        }
        return left;
    }

    private Map<UUID, Evidence.Order> orders() {
        return byKey(
                query(
                        "order",
                        """
                        select id, version, status, reason, stock, payment, settled, total_minor,
                               customer_email
                        from orders
                        """,
                        row ->
                                new Evidence.Order(
                                        id(row, "id"),
                                        row.getLong("version"),
                                        row.getString("status"),
                                        row.getString("reason"),
                                        row.getString("stock"),
                                        row.getString("payment"),
                                        row.getBoolean("settled"),
                                        row.getLong("total_minor"),
                                        row.getString("customer_email"))),
                Evidence.Order::id);
    }

    private List<Evidence.Published> published() {
        return Arrays.stream(Topic.values())
                .filter(topic -> topic != Topic.PRODUCTS)
                .flatMap(topic ->
                        wire.records(topic).stream()
                                .map(Wire::decode)
                                .flatMap(decoded ->
                                        decoded instanceof Decoded.Known(var envelope)
                                                ? Stream.of(published(topic, envelope))
                                                : Stream.empty()))
                .toList();
    }

    private static Evidence.Published published(Topic topic, Envelope<?> envelope) {
        var aggregate =
                switch (envelope.event()) {
                    case NotificationSent sent -> sent.notificationId().toString();
                    case NotificationFailed failed -> failed.notificationId().toString();
                    default -> envelope.event().subject();
                };
        return new Evidence.Published(
                topic,
                UUID.fromString(envelope.event().subject()),
                aggregate,
                envelope.id(),
                envelope.type().wireName(),
                envelope.sequence());
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends() {
        var partitions =
                await(
                                admin.describeTopics(
                                                Arrays.stream(Topic.values())
                                                        .map(Topic::wireName)
                                                        .collect(toSet()))
                                        .allTopicNames())
                        .values()
                        .stream()
                        .flatMap(topic ->
                                topic.partitions().stream()
                                        .map(partition ->
                                                new TopicPartition(
                                                        topic.name(), partition.partition())));
        return await(
                admin.listOffsets(
                                partitions.collect(
                                        Collectors.toMap(
                                                Function.identity(), _ -> OffsetSpec.latest())))
                        .all());
    }

    private static long amount(Map<String, Object> item, String name) {
        return ((Number) Objects.requireNonNull(item.get(name))).longValue();
    }

    private static UUID id(ResultSet row, String column) throws SQLException {
        return UUID.fromString(row.getString(column));
    }

    private static <K, T> Map<K, T> byKey(List<T> all, Function<T, K> key) {
        return all.stream().collect(toMap(key, Function.identity()));
    }
}
