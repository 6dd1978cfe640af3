package dev.quadrille.delivery;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/// Not ready before the database has the migrations that this service was built for: a job applies
/// them, and the service may well overtake it.
///
/// More than those are no fault: then the job of the next version has run, and this one is about to
/// be replaced.
@Readiness
@ApplicationScoped
class SchemaCheck implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(SchemaCheck.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    // Flyway's table.
    private static final String APPLIED =
            "select count(*)::int from flyway_schema_history where success and version is not null";

    private static final String NO_SUCH_TABLE = "42P01";

    private final Vertx vertx;
    private final Pool pool;
    private final StartUp startUp;
    private final int wanted;

    private volatile int applied;
    private volatile boolean stopped;

    /// Touched by one look after the other.
    private int said = -1;

    SchemaCheck(
            Vertx vertx,
            Pool pool,
            StartUp startUp,
            @ConfigProperty(name = "quadrille.schema.migrations") int wanted) {
        this.vertx = vertx;
        this.pool = pool;
        this.startUp = startUp;
        this.wanted = wanted;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("schema").status(isComplete());
        return isComplete()
                ? response.build()
                : response.withData("migrations", applied).withData("wanted", wanted).build();
    }

    /// Early: the first connection is opened while the rest of the application starts.
    void start(@Observes @Priority(StartUp.FIRST + 1) StartupEvent event) {
        look();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private boolean isComplete() {
        return applied >= wanted;
    }

    private void look() {
        pool.query(APPLIED)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0))
                .onFailure(SchemaCheck::isEmptyDatabase)
                .recoverWithItem(0)
                // A database that is away is the business of its own check.
                .subscribe()
                .with(this::found, _ -> lookAgain());
    }

    private static boolean isEmptyDatabase(Throwable failure) {
        return failure instanceof PgException pg && NO_SUCH_TABLE.equals(pg.getSqlState());
    }

    private void found(int now) {
        applied = now;
        if (isComplete()) {
            startUp.passed(StartUp.DATABASE);
            return;
        }
        if (now != said) {
            said = now;
            LOG.errorf(
                    "The database has %d migrations, and this version needs %d: run its migrations",
                    now, wanted);
        }
        lookAgain();
    }

    private void lookAgain() {
        if (!stopped) {
            vertx.setTimer(INTERVAL.toMillis(), _ -> look());
        }
    }
}
