package dev.quadrille.delivery;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/// Remembers which events have had their effect here, or are parked until they may.
@ApplicationScoped
class Inbox {

    /// Both questions in one round trip. The lock on a parked key lets a replay of it finish first,
    /// or wait until what comes now is parked behind it.
    ///
    /// Both are answered from one snapshot. If the insert had to wait for another replica, which
    /// may happen while partitions move, a key that it parked meanwhile is not seen; see
    /// [#parkedKeys].
    private static final String NOTE =
            """
            with fresh as (insert into inbox select unnest($1::uuid[]) on conflict do nothing
                           returning event_id),
                 parked as (select key from parked_keys where key = any($2::text[]) order by key for share)
            select event_id, null as key from fresh
            union all
            select null, key from parked
            """;

    private static final String PARKED_KEYS =
            "select key from parked_keys where key = any($1::text[]) order by key for share";

    /// What the inbox knew of a batch.
    ///
    /// @param fresh the events that were not noted before
    /// @param parkedKeys the keys whose events must wait
    record Noted(Set<UUID> fresh, Set<String> parkedKeys) {}

    /// Which of these keys are parked by now. To be asked again about a batch of which something
    /// was known already.
    Uni<Set<String>> parkedKeys(Transaction transaction, Collection<String> keys) {
        return transaction
                .run(PARKED_KEYS, (Object) keys.stream().distinct().toArray(String[]::new))
                .map(rows -> {
                    var parked = new HashSet<String>();
                    rows.forEach(row -> parked.add(row.getString("key")));
                    return parked;
                });
    }

    /// Notes all of these events.
    Uni<Noted> note(Transaction transaction, Collection<UUID> events, Collection<String> keys) {
        // In one order everywhere, so that two replicas that overlap during a rebalance wait for
        // each other and do not deadlock.
        UUID[] ids = events.stream().distinct().sorted().toArray(UUID[]::new);
        String[] distinctKeys = keys.stream().distinct().toArray(String[]::new);
        return transaction
                .run(NOTE, ids, distinctKeys)
                .map(rows -> {
                    var fresh = new HashSet<UUID>(ids.length);
                    var parkedKeys = new HashSet<String>();
                    for (var row : rows) {
                        var id = row.getUUID("event_id");
                        if (id != null) {
                            fresh.add(id);
                        } else {
                            parkedKeys.add(row.getString("key"));
                        }
                    }
                    return new Noted(fresh, parkedKeys);
                });
    }
}
