package dev.quadrille.notification.adapter.postgres;

import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.domain.Endpoint.Reason;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A row of `webhook_endpoints` without its secrets, for queries; it is written by [Endpoints]
/// alone.
@Entity
@Immutable
@Table(name = "webhook_endpoints")
@NullUnmarked
public class EndpointEntity extends PanacheEntityBase {

    @Id public UUID id;
    public String url;
    String[] kinds;
    public Instant failingSince;
    public Instant notBefore;
    public Instant disabledAt;

    @Enumerated(EnumType.STRING)
    public Reason disabledReason;

    public Instant createdAt;

    /// What it wants to hear of.
    public List<Kind> kinds() {
        return Stream.of(kinds).map(Kind::valueOf).toList();
    }

    public static Uni<@Nullable EndpointEntity> find(UUID id) {
        return findById(id);
    }

    /// @param before only those registered before this one; null to begin with the newest
    public static Uni<List<EndpointEntity>> newest(UUID before, int limit) {
        return (before == null
                        ? findAll(Sort.descending("id"))
                        : find("id < ?1", Sort.descending("id"), before))
                .page(0, limit)
                .list();
    }
}
