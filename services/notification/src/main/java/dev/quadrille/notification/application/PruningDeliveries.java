package dev.quadrille.notification.application;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.notification.adapter.postgres.Deliveries;
import dev.quadrille.notification.adapter.postgres.Forgetting;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.adapter.webhook.WebhookConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;

/// Takes deliveries that ended long ago out of the log, and with the last delivery of a
/// notification its body. The notification itself stays: it keeps its order from being told of
/// something twice.
///
/// Any replica may do this, and several at once pass over each other's rows.
@ApplicationScoped
class PruningDeliveries {

    private final Transactions transactions;
    private final Deliveries deliveries;
    private final Notifications notifications;
    private final InstantSource clock;
    private final Duration retention;
    private final WorkLoop loop;

    PruningDeliveries(
            Vertx vertx,
            Transactions transactions,
            Deliveries deliveries,
            Notifications notifications,
            WebhookConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.notifications = notifications;
        this.clock = clock;
        this.retention = config.retention();
        this.loop =
                WorkLoop.chore(
                        "The pruning of webhook deliveries",
                        vertx,
                        config.pruneEvery(),
                        this::prune);
    }

    void start(@Observes StartupEvent event) {
        loop.beginLater();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.stop();
    }

    private Uni<Integer> prune() {
        return transactions.run(transaction ->
                deliveries
                        .prune(transaction, clock.instant().minus(retention), Forgetting.AT_A_TIME)
                        .call(pruned -> notifications.forgetBodies(transaction, pruned))
                        .map(pruned -> pruned.size()));
    }
}
