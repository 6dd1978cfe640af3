package dev.quadrille.inventory.adapter.postgres;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.delivery.Transaction;
import dev.quadrille.inventory.domain.StockMove;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// Reads the stock to decide about it, and moves it. Every statement that moves it is guarded, and
/// each move leaves a row in the ledger.
@ApplicationScoped
public class StockLevels {

    // Locked in one order everywhere, so that two transactions wait for, and do not deadlock, each
    // other.
    private static final String LOCK =
            """
            select sku, on_hand, reserved from stock where sku = any($1) order by sku for update
            """;
    private static final String MOVE =
            """
            update stock set on_hand = on_hand + move.on_hand_delta, reserved = reserved + move.reserved_delta
            from unnest($1::text[], $2::bigint[], $3::bigint[]) as move (sku, on_hand_delta, reserved_delta)
            where stock.sku = move.sku
              and reserved + move.reserved_delta between 0 and on_hand + move.on_hand_delta
            """;
    private static final String ADJUST =
            """
            update stock set on_hand = on_hand + $2
            where sku = $1 and on_hand + $2 >= reserved
            returning sku, on_hand, reserved
            """;
    private static final String NOTE =
            """
            insert into stock_ledger (sku, cause, on_hand_delta, reserved_delta, order_id, occurred_at)
            select sku, cause, on_hand_delta, reserved_delta, order_id, $6
            from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::uuid[]) with ordinality
                 as move (sku, cause, on_hand_delta, reserved_delta, order_id, place)
            order by place
            """;
    private static final String NOTE_ADJUSTMENT =
            """
            insert into stock_ledger (sku, cause, on_hand_delta, reserved_delta, reason, occurred_at)
            values ($1, 'ADJUSTED', $2, 0, $3, $4)
            """;

    /// The stock of those of these skus that are kept, locked until the transaction ends.
    public Uni<Map<String, StockLevel>> lock(Transaction transaction, Collection<String> skus) {
        return skus.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : transaction
                        .run(LOCK, (Object) skus.toArray(String[]::new))
                        .map(rows ->
                                StreamSupport.stream(rows.spliterator(), false)
                                        .map(StockLevels::level)
                                        .collect(toMap(StockLevel::sku, level -> level)));
    }

    /// Moves stock that was locked in this transaction.
    public Uni<Void> move(Transaction transaction, List<StockMove> moves, Instant now) {
        if (moves.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var sums = new TreeMap<String, Sum>();
        moves.forEach(move -> sums.merge(move.sku(), Sum.of(move), Sum::plus));
        return transaction
                .change(
                        sums.size(),
                        MOVE,
                        sums.keySet().toArray(String[]::new),
                        sums.values().stream().map(Sum::onHandDelta).toArray(Long[]::new),
                        sums.values().stream().map(Sum::reservedDelta).toArray(Long[]::new))
                .chain(() ->
                        transaction.change(
                                moves.size(),
                                NOTE,
                                moves.stream().map(StockMove::sku).toArray(String[]::new),
                                moves.stream()
                                        .map(move -> move.cause().name())
                                        .toArray(String[]::new),
                                moves.stream().map(StockMove::onHandDelta).toArray(Long[]::new),
                                moves.stream().map(StockMove::reservedDelta).toArray(Long[]::new),
                                moves.stream().map(StockMove::orderId).toArray(UUID[]::new),
                                utc(now)));
    }

    /// Puts pieces on the shelf, or takes them off it.
    ///
    /// @return the stock then; empty if the sku is not kept, or would have less on hand than is
    ///   reserved
    public Uni<Optional<StockLevel>> adjust(
            Transaction transaction, String sku, long delta, String reason, Instant now) {
        return transaction
                .run(ADJUST, sku, delta)
                .flatMap(rows ->
                        rows.rowCount() == 0
                                ? Uni.createFrom().item(Optional.empty())
                                : transaction
                                        .change(1, NOTE_ADJUSTMENT, sku, delta, reason, utc(now))
                                        .replaceWith(Optional.of(level(rows.iterator().next()))));
    }

    /// What the moves of one sku come to.
    private record Sum(long onHandDelta, long reservedDelta) {

        static Sum of(StockMove move) {
            return new Sum(move.onHandDelta(), move.reservedDelta());
        }

        Sum plus(Sum other) {
            return new Sum(onHandDelta + other.onHandDelta, reservedDelta + other.reservedDelta);
        }
    }

    private static StockLevel level(Row row) {
        return new StockLevel(
                row.getString("sku"), row.getLong("on_hand"), row.getLong("reserved"));
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
