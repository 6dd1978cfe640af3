package dev.quadrille.jobs;

import dev.quadrille.delivery.Retention;
import dev.quadrille.notification.adapter.postgres.Forgetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Forgets what a service would forget by now if it ran, by the service's own rules and statements.
///
/// A service that is scaled to zero takes nothing in, so that nothing grows; but what is past its
/// time stays, bodies of webhooks with the customers' data among it, until somebody wakes it. A
/// service that runs meanwhile comes first: what it is at work in is left for the next time.
///
/// What payment remembers of its provider's events is no chore: with each that comes two old ones
/// go.
final class Retaining {

    /// A service is at work in a table that is to be changed, and the job waits for a second only.
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String WEBHOOK_RETENTION = "quadrille.notification.webhook.retention";

    /// Ten million deliveries: who has more begins again.
    private static final int MAX_ROUNDS = 10_000;

    private static final Pattern PARAMETER = Pattern.compile("\\$([0-9])");

    private final String service;
    private final Environment environment;
    private final InstantSource clock;
    private final Consumer<String> said;

    Retaining(String service, Environment environment, InstantSource clock, Consumer<String> said) {
        this.service = service;
        this.environment = environment;
        this.clock = clock;
        this.said = said;
    }

    int run() throws Unfit, SQLException, InterruptedException {
        var inbox = duration("QUADRILLE_INBOX_RETENTION", Retention.OF_INBOX);
        var outbox = duration("QUADRILLE_OUTBOX_RETENTION", Retention.OF_OUTBOX);
        var webhooks =
                service.equals("notification")
                        ? duration("QUADRILLE_NOTIFICATION_WEBHOOK_RETENTION", ofWebhooks())
                        : Duration.ZERO;
        try (var connection = environment.database().connect(said)) {
            connection.setAutoCommit(false);
            // First, for it is customers' data and waits for nobody's lock.
            if (webhooks.isPositive()) {
                forgetDeliveries(connection, webhooks);
            }
            try {
                keepDays(connection, inbox, outbox);
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback();
                said.accept(
                        service + ": the inbox is busy, its days are looked after another time");
            }
        }
        return Jobs.DONE;
    }

    private Duration duration(String variable, String otherwise) throws Unfit {
        return Environment.duration(variable, environment.text(variable).orElse(otherwise));
    }

    private void keepDays(Connection connection, Duration inbox, Duration outbox)
            throws SQLException {
        if (!isAlone(connection)) {
            connection.rollback();
            said.accept(service + ": the inbox's days are being looked after by somebody else");
            return;
        }
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var plan = Retention.plan(partitions(connection), today, inbox);
        int captured = 0;
        try (var statement = connection.createStatement()) {
            for (String sql : plan.statements()) {
                statement.execute(sql);
            }
            if (!environment.isOn("QUADRILLE_OUTBOX_RELAY")) {
                captured = statement.executeUpdate(Retention.ofOutbox(outbox));
            }
        }
        connection.commit();
        said.accept(
                "%s: of the inbox %d days dropped and %d added"
                        .formatted(service, plan.toDrop().size(), plan.toAdd().size()));
        if (captured > 0) {
            said.accept("%s: of the outbox %d events deleted".formatted(service, captured));
        }
    }

    private static boolean isAlone(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(Retention.ALONE)) {
            return rows.next() && rows.getBoolean("alone");
        }
    }

    private static Set<String> partitions(Connection connection) throws SQLException {
        var names = new HashSet<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(Retention.PARTITIONS)) {
            while (rows.next()) {
                names.add(rows.getString("name"));
            }
        }
        return names;
    }

    private void forgetDeliveries(Connection connection, Duration retention) throws SQLException {
        var endedBefore = clock.instant().minus(retention).atOffset(ZoneOffset.UTC);
        int forgotten = 0;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int inRound = forgetSome(connection, endedBefore);
            forgotten += inRound;
            if (inRound < Forgetting.AT_A_TIME) {
                said.accept("%s: %d webhook deliveries forgotten".formatted(service, forgotten));
                return;
            }
        }
        said.accept(
                "%s: %d webhook deliveries forgotten, and there are more"
                        .formatted(service, forgotten));
    }

    private static int forgetSome(Connection connection, OffsetDateTime endedBefore)
            throws SQLException {
        var notifications = new ArrayList<UUID>();
        try (var delete =
                        prepare(
                                connection,
                                Forgetting.DELIVERIES,
                                endedBefore,
                                Forgetting.AT_A_TIME);
                var rows = delete.executeQuery()) {
            while (rows.next()) {
                notifications.add(rows.getObject("notification_id", UUID.class));
            }
        }
        var ids = connection.createArrayOf("uuid", notifications.toArray());
        for (String sql : List.of(Forgetting.LOCK, Forgetting.BODIES)) {
            try (var statement = prepare(connection, sql, ids)) {
                statement.execute();
            }
        }
        connection.commit();
        return notifications.size();
    }

    /// The services' client writes parameters as PostgreSQL does, JDBC as question marks.
    private static PreparedStatement prepare(Connection connection, String sql, Object... values)
            throws SQLException {
        var statement = connection.prepareStatement(PARAMETER.matcher(sql).replaceAll("?"));
        int at = 1;
        var parameters = PARAMETER.matcher(sql);
        while (parameters.find()) {
            statement.setObject(at++, values[Integer.parseInt(parameters.group(1)) - 1]);
        }
        return statement;
    }

    /// As the service's own settings say.
    private static String ofWebhooks() {
        try (var in =
                Retaining.class.getResourceAsStream(
                        "/settings/services/notification/application.properties")) {
            var settings = new Properties();
            settings.load(Objects.requireNonNull(in, "the settings of notification"));
            return Objects.requireNonNull(
                    settings.getProperty(WEBHOOK_RETENTION), WEBHOOK_RETENTION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
