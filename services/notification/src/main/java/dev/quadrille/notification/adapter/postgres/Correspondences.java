package dev.quadrille.notification.adapter.postgres;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Money;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.domain.Correspondence.Begun;
import dev.quadrille.notification.domain.Correspondence.Early;
import dev.quadrille.notification.domain.Correspondence.Open;
import dev.quadrille.notification.domain.DatedNews;
import dev.quadrille.notification.domain.OrderDetails;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads what there is to tell of orders, and writes what was heard.
@ApplicationScoped
public class Correspondences {

    private static final String SELECT =
            """
            select order_id, version, customer_id, customer_email, currency, lines::text as lines,
                   total_minor, news::text as news
            from correspondences where order_id = any($1)
            """;

    // Locked in one order everywhere, so that two transactions wait for, and do not deadlock, each
    // other.
    private static final String LOCK = SELECT + " order by order_id for update";
    private static final String INSERT =
            """
            insert into correspondences (order_id, version, customer_id, customer_email, currency, lines,
                                         total_minor, news)
            select order_id, version, customer_id, customer_email, currency, lines::jsonb, total_minor,
                   news::jsonb
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
                        $7::bigint[], $8::text[])
                 as begun (order_id, version, customer_id, customer_email, currency, lines, total_minor, news)
            order by order_id
            """;
    private static final String UPDATE =
            """
            update correspondences
            set version = moved.version, customer_id = moved.customer_id,
                customer_email = moved.customer_email, currency = moved.currency,
                lines = moved.lines::jsonb, total_minor = moved.total_minor, news = moved.news::jsonb
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
                        $7::bigint[], $8::text[])
                 as moved (order_id, version, customer_id, customer_email, currency, lines, total_minor, news)
            where correspondences.order_id = moved.order_id and correspondences.version < moved.version
            """;

    /// Those of these orders that exist, by order id, locked until the transaction ends.
    public Uni<Map<String, Versioned<Begun>>> lock(
            Transaction transaction, Collection<UUID> orderIds) {
        return transaction
                .run(LOCK, (Object) orderIds.toArray(UUID[]::new))
                .map(rows -> stream(rows).collect(toMap(c -> c.state().subject(), c -> c)));
    }

    /// Those of these orders whose customers are known, by order id.
    public Uni<Map<UUID, Open>> find(Transaction transaction, Collection<UUID> orderIds) {
        return transaction
                .run(SELECT, (Object) orderIds.toArray(UUID[]::new))
                .map(rows ->
                        stream(rows)
                                .map(Versioned::state)
                                .filter(Open.class::isInstance)
                                .map(Open.class::cast)
                                .collect(toMap(Open::orderId, open -> open)));
    }

    /// Writes those that were not there. If somebody else began one in between, the transaction
    /// fails and is to be repeated.
    public Uni<Void> insert(Transaction transaction, List<Versioned<Begun>> begun) {
        return write(transaction, INSERT, begun);
    }

    /// Writes those that were locked in this transaction.
    public Uni<Void> update(Transaction transaction, List<Versioned<Begun>> moved) {
        return write(transaction, UPDATE, moved);
    }

    private static Uni<Void> write(
            Transaction transaction, String sql, List<Versioned<Begun>> correspondences) {
        if (correspondences.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction.change(
                correspondences.size(),
                sql,
                correspondences.stream().map(c -> c.state().orderId()).toArray(UUID[]::new),
                correspondences.stream().map(Versioned::version).toArray(Long[]::new),
                texts(correspondences, order -> order.customer().id()),
                texts(correspondences, order -> order.customer().email().value()),
                texts(correspondences, order -> order.total().currency()),
                texts(correspondences, order -> Json.write(order.lines())),
                correspondences.stream()
                        .map(c -> order(c.state()))
                        .map(order -> order == null ? null : order.total().amountMinor())
                        .toArray(Long[]::new),
                correspondences.stream()
                        .map(c -> c.state().news().stream().map(StoredNews::of).toList())
                        .map(Json::write)
                        .toArray(String[]::new));
    }

    private static @Nullable String[] texts(
            List<Versioned<Begun>> correspondences, Function<OrderDetails, String> text) {
        return correspondences.stream()
                .map(c -> order(c.state()))
                .map(order -> order == null ? null : text.apply(order))
                .toArray(String[]::new);
    }

    private static @Nullable OrderDetails order(Begun correspondence) {
        return switch (correspondence) {
            case Early _ -> null;
            case Open(var order, _) -> order;
        };
    }

    private static Stream<Versioned<Begun>> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(Correspondences::correspondence);
    }

    private static Versioned<Begun> correspondence(Row row) {
        var orderId = row.getUUID("order_id");
        List<DatedNews> news =
                Json.news(row.getString("news")).stream().map(StoredNews::news).toList();
        Begun state =
                row.getString("customer_email") == null
                        ? new Early(orderId, news)
                        : new Open(
                                new OrderDetails(
                                        orderId,
                                        new Customer(
                                                row.getString("customer_id"),
                                                new EmailAddress(row.getString("customer_email"))),
                                        Json.lines(row.getString("lines")),
                                        new Money(
                                                row.getLong("total_minor"),
                                                row.getString("currency"))),
                                news);
        return new Versioned<>(state, row.getLong("version"));
    }
}
