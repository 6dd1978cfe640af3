package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/// Which of the provider's events had their effect.
@ApplicationScoped
public class ProviderEventIds {

    /// Stripe sends an event for three days, and lets people send it again for thirty.
    private static final Duration RETENTION = Duration.ofDays(31);

    private static final String REMEMBER =
            "insert into provider_events (id, received_at) values ($1, $2) on conflict do nothing";

    /// With each that comes two go, so that the table does not grow and nobody has to look after
    /// it.
    private static final String FORGET =
            """
            delete from provider_events
            where id in (select id from provider_events where received_at < $1
                         order by received_at limit 2 for update skip locked)
            """;

    /// Whether the event is new. Of several deliveries at a time, one gets it and the others wait
    /// until that one's transaction has ended.
    public Uni<Boolean> remember(Transaction transaction, String id, Instant now) {
        return transaction
                .run(REMEMBER, id, now.atOffset(ZoneOffset.UTC))
                .map(inserted -> inserted.rowCount() == 1)
                .call(() -> transaction.run(FORGET, now.minus(RETENTION).atOffset(ZoneOffset.UTC)));
    }
}
