package dev.quadrille.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.UuidV7;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetainingTest {

    private static final Instant NOW = Instant.now();

    private TestDatabase database;

    @BeforeEach
    void anEmptyDatabase() throws Exception {
        database = TestDatabase.fresh();
    }

    @Test
    void daysOfTheInboxThatArePastTheirRetentionAreDropped() throws Exception {
        migrate("order");
        var begun = retain("order", NOW.minus(Duration.ofDays(40)), Map.of());
        var old = UuidV7.at(NOW.minus(Duration.ofDays(40)), new Random(1));
        var young = UuidV7.at(NOW.minus(Duration.ofDays(2)), new Random(1));
        execute("insert into inbox values ('%s'), ('%s')".formatted(old, young));

        var today = retain("order", NOW, Map.of());
        var again = retain("order", NOW, Map.of());

        assertThat(begun).containsExactly("order: of the inbox 0 days dropped and 19 added");
        assertThat(today).containsExactly("order: of the inbox 19 days dropped and 19 added");
        assertThat(again).containsExactly("order: of the inbox 0 days dropped and 0 added");
        assertThat(texts("select event_id::text from inbox")).containsExactly(young.toString());
        assertThat(texts("select tableoid::regclass::text from inbox"))
                .containsExactly("inbox_" + day(NOW.minus(Duration.ofDays(2))));
    }

    @Test
    void theRetentionIsTheServicesOwnSetting() throws Exception {
        migrate("order");

        var said = retain("order", NOW, Map.of("QUADRILLE_INBOX_RETENTION", "P30D"));

        assertThat(said).containsExactly("order: of the inbox 0 days dropped and 35 added");
    }

    @Test
    void whileSomebodyElseLooksAfterTheDaysTheyAreLeftAlone() throws Exception {
        migrate("order");
        try (var service = database.connect()) {
            service.setAutoCommit(false);
            service.createStatement().execute("select pg_advisory_xact_lock(110789)");

            var said = retain("order", NOW, Map.of());

            assertThat(said)
                    .containsExactly(
                            "order: the inbox's days are being looked after by somebody else");
        }
    }

    @Test
    void whatTheServiceIsAtWorkInIsLeftForTheNextTimeAndTheRestIsDone() throws Exception {
        migrate("notification");
        notification("1", "SENT", List.of("DELIVERED " + NOW.minus(Duration.ofDays(31))));
        try (var service = database.connect()) {
            service.setAutoCommit(false);
            service.createStatement().execute("select from inbox_other");

            var said = retain("notification", NOW, Map.of());

            assertThat(said)
                    .containsExactly(
                            "notification: 1 webhook deliveries forgotten",
                            "notification: the inbox is busy, its days are looked after another"
                                    + " time");
        }
    }

    @Test
    void anOutboxIsPrunedOnlyWhereNobodyRelaysIt() throws Exception {
        migrate("order");
        execute(
                """
                insert into outbox (id, aggregatetype, aggregateid, type, payload, time, source, dataschema, sequence,
                                    partition)
                select gen_random_uuid(), 'order-events', 'o', 'order-placed', '{}', now() - make_interval(days => age),
                       '/order', 's', 1, 0
                from unnest(array[0, 2, 3]) as age
                """);

        retain("order", NOW, Map.of());
        assertThat(texts("select id::text from outbox")).hasSize(3);

        var said = retain("order", NOW, Map.of("QUADRILLE_OUTBOX_RELAY", "off"));
        assertThat(said).contains("order: of the outbox 2 events deleted");
        assertThat(texts("select id::text from outbox")).hasSize(1);
    }

    @Test
    void webhookDeliveriesThatEndedLongAgoGoAndWithTheLastOneTheBody() throws Exception {
        migrate("notification");
        var old = NOW.minus(Duration.ofDays(31));
        var young = NOW.minus(Duration.ofDays(29));
        notification("1", "SENT", List.of("DELIVERED " + old, "GIVEN_UP " + old));
        notification("2", "SENT", List.of("DELIVERED " + old, "DELIVERED " + young));
        notification("3", "DELIVERING", List.of("DELIVERED " + old));

        var said = retain("notification", NOW, Map.of());
        var again = retain("notification", NOW, Map.of());

        assertThat(said).contains("notification: 3 webhook deliveries forgotten");
        assertThat(again).contains("notification: 0 webhook deliveries forgotten");
        assertThat(texts("select body from notifications order by id"))
                .containsExactly("", "b", "b");
        assertThat(texts("select kind from webhook_deliveries")).hasSize(2);
    }

    @Test
    void howLongWebhooksAreRememberedCanBeSetAsForTheService() throws Exception {
        migrate("notification");
        notification("1", "SENT", List.of("DELIVERED " + NOW.minus(Duration.ofDays(3))));

        var said =
                retain(
                        "notification",
                        NOW,
                        Map.of("QUADRILLE_NOTIFICATION_WEBHOOK_RETENTION", "P2D"));

        assertThat(said).contains("notification: 1 webhook deliveries forgotten");
    }

    @Test
    void moreThanOneRoundOfDeliveriesGo() throws Exception {
        migrate("notification");
        notification("1", "SENT", List.of());
        execute(
                """
                insert into webhook_deliveries
                select gen_random_uuid(), id, gen_random_uuid(), order_id, kind, 1, 'DELIVERED', 1, 1, null, 200, null,
                       now() - interval '40 days'
                from notifications, generate_series(1, 2500)
                """);

        var said = retain("notification", NOW, Map.of());

        assertThat(said).contains("notification: 2500 webhook deliveries forgotten");
    }

    @Test
    void aDatabaseWithoutTablesIsSaidInOneLine() throws Exception {
        var ran = Ran.of(database.environment(), "retain", "payment");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).singleElement().asString().contains("\"inbox\" does not exist");
    }

    @Test
    void aRefusedLoginIsSaidAtOnce() throws Exception {
        var ran =
                Ran.of(
                        database.environment(Map.of("QUARKUS_DATASOURCE_PASSWORD", "guessed")),
                        "retain",
                        "order");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .singleElement()
                .asString()
                .contains("password authentication failed")
                .doesNotContain("guessed");
    }

    private void migrate(String service) throws Exception {
        assertThat(Ran.of(database.environment(), "migrate", service).code()).isZero();
    }

    private List<String> retain(String service, Instant now, Map<String, String> more)
            throws Exception {
        var said = new ArrayList<String>();
        int code =
                new Retaining(
                                service,
                                new Environment(database.environment(more)),
                                InstantSource.fixed(now),
                                said::add)
                        .run();
        assertThat(code).isZero();
        return said;
    }

    /// @param deliveries the state of each, and when it came to that
    private void notification(String number, String state, List<String> deliveries)
            throws SQLException {
        var id = "00000000-0000-0000-0000-00000000000" + number;
        execute(
                """
                insert into correspondences (order_id, version, news) values ('%1$s', 1, '[]');
                insert into notifications (id, order_id, kind, channel, version, state, attempts, causation_id, body,
                                           changed_at)
                values ('%1$s', '%1$s', 'ORDER_SHIPPED', 'WEBHOOK', 1, '%2$s', 1, '%1$s', 'b', now())
                """
                        .formatted(id, state));
        for (String delivery : deliveries) {
            var parts = delivery.split(" ", 2);
            execute(
                    """
                    insert into webhook_deliveries
                    values (gen_random_uuid(), '%1$s', gen_random_uuid(), '%1$s', 'ORDER_SHIPPED', 1, '%2$s', 1, 1,
                            null, 200, 'word', '%3$s')
                    """
                            .formatted(id, parts[0], parts[1]));
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String query) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    private static String day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC)
                .format(DateTimeFormatter.BASIC_ISO_DATE);
    }
}
