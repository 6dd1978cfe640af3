package dev.quadrille.inventory.adapter.postgres;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.inventory.domain.Reservation.Known;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// Reads reservations to decide about them, and writes what was decided.
@ApplicationScoped
public class Reservations {

    // Locked in one order everywhere, and before the stock, so that two transactions wait for, and
    // do not deadlock,
    // each other.
    private static final String LOCK =
            """
            select order_id, version, state, lines::text as lines
            from reservations where order_id = any($1) order by order_id for update
            """;
    private static final String STORE =
            """
            insert into reservations (order_id, version, state, lines)
            select order_id, version, state, lines::jsonb
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[])
                 as moved (order_id, version, state, lines)
            order by order_id
            on conflict (order_id) do update
            set version = excluded.version, state = excluded.state, lines = excluded.lines
            where reservations.version < excluded.version
            """;

    /// The reservations of these orders that are on record, by order id, locked until the
    /// transaction ends.
    public Uni<Map<String, Versioned<Known>>> lock(
            Transaction transaction, Collection<UUID> orderIds) {
        return transaction
                .run(LOCK, (Object) orderIds.toArray(UUID[]::new))
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(ReservationEntity::of)
                                .collect(
                                        toMap(
                                                entity -> entity.orderId.toString(),
                                                ReservationEntity::reservation)));
    }

    public Uni<Void> store(Transaction transaction, Collection<Versioned<Known>> moved) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var rows = List.copyOf(moved);
        return transaction.change(
                rows.size(),
                STORE,
                rows.stream().map(row -> row.state().orderId()).toArray(UUID[]::new),
                rows.stream().map(Versioned::version).toArray(Long[]::new),
                rows.stream()
                        .map(row -> ReservationEntity.state(row.state()).name())
                        .toArray(String[]::new),
                rows.stream()
                        .map(row -> ReservationEntity.lines(row.state()))
                        .toArray(String[]::new));
    }
}
