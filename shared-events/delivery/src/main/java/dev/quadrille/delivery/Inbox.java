package dev.quadrille.delivery;

import dev.quadrille.contract.Envelope;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/// Remembers which events have had their effect.
@ApplicationScoped
class Inbox {

    private static final String INSERT =
            """
            insert into inbox (event_id) select unnest($1::uuid[])
            on conflict do nothing
            returning event_id
            """;

    /// Notes all, and gives back those that were not noted before, each once.
    Uni<List<Envelope<?>>> keepNew(Transaction transaction, List<Envelope<?>> events) {
        // In one order everywhere, so that two replicas that overlap during a rebalance wait for,
        // and do not deadlock,
        // each other.
        UUID[] ids = events.stream().map(Envelope::id).distinct().sorted().toArray(UUID[]::new);
        return transaction
                .run(INSERT, (Object) ids)
                .map(rows -> {
                    var fresh = new HashSet<UUID>(ids.length);
                    rows.forEach(row -> fresh.add(row.getUUID("event_id")));
                    return events.stream().filter(event -> fresh.remove(event.id())).toList();
                });
    }
}
