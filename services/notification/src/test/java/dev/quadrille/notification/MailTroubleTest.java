package dev.quadrille.notification;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.notification.ScriptedServer.CLOSE;
import static dev.quadrille.notification.ScriptedServer.HANG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.notification.ScriptedServer.Place;
import dev.quadrille.testkit.FreePort;
import dev.quadrille.testkit.ServiceOnStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(MailTroubleTest.ScriptedMailServer.class)
class MailTroubleTest {

    private static final String PORT = "quadrille.test.scripted-smtp-port";
    private static final Path LOG = Path.of("target", "mail-trouble.log");

    /// Short patience, a mail server that each test scripts, and a log of all there is to log.
    public static final class ScriptedMailServer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var port = Integer.toString(FreePort.next());
            // Quarkus loads the test a second time, so the port is told by a property.
            System.setProperty(PORT, port);
            return Map.of(
                    "quarkus.mailer.port", port,
                    "quadrille.notification.mail.max-attempts", "12",
                    "quadrille.notification.mail.first-pause", "PT0.1S",
                    "quadrille.notification.mail.max-pause", "PT0.5S",
                    "quadrille.notification.mail.answer-limit", "PT2S",
                    "quarkus.log.level", "DEBUG",
                    "quarkus.log.console.level", "WARN",
                    "quarkus.log.file.enabled", "true",
                    "quarkus.log.file.path", LOG.toString());
        }
    }

    private final Story story = new Story();
    private ScriptedServer server;

    @Inject Pool pool;

    @BeforeEach
    void startServer() {
        server = new ScriptedServer(Integer.getInteger(PORT));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void aMailIsSentOnceTheServerTakesItAgain() {
        server.at(Place.RCPT, "450 <" + story.address + ">: greylisted");
        story.placed();
        story.confirmed();
        awaitAttempts(2);
        server.at(Place.RCPT, "250 ok");

        story.notifications("SENT").body("items[0].attempts", greaterThan(2));
        assertThat(server.mails()).hasSize(1);
        assertThat(story.announced(1))
                .singleElement()
                .satisfies(event -> assertThat(event.event()).isInstanceOf(NotificationSent.class));
    }

    @Test
    void aMailThatIsNeverTakenIsGivenUp() {
        server.at(Place.RCPT, "450 <" + story.address + ">: greylisted");
        story.placed();
        story.confirmed();

        story.notifications("FAILED")
                .body("items[0].error", equalTo("smtp-450"))
                .body("items[0].attempts", equalTo(12));
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void aMailThatIsRefusedForGoodIsNotTriedAgain() {
        server.at(Place.RCPT, "550 <" + story.address + ">: no such user");
        story.placed();
        story.confirmed();

        story.notifications("FAILED").body("items[0].attempts", equalTo(1));
        assertThat(story.announced(1))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.sequence()).isEqualTo(3);
                    assertThat(event.event())
                            .isInstanceOfSatisfying(
                                    NotificationFailed.class,
                                    failed -> assertThat(failed.error()).isEqualTo("smtp-550"));
                });
    }

    @Test
    void aMailThatMayHaveBeenSentIsNotSentAgain() {
        server.at(Place.MAIL_END, CLOSE);
        story.placed();
        story.confirmed();

        story.notifications("FAILED").body("items[0].error", equalTo("outcome-unknown"));
        server.at(Place.MAIL_END, "250 taken");
        story.shipped();
        story.notifications("FAILED", "SENT");
        assertThat(server.mails()).filteredOn(mail -> mail.contains("confirmed")).hasSize(1);
    }

    @Test
    void aServerThatSaysNothingHoldsUpNoOtherMail() {
        server.at(Place.MAIL_END, HANG);
        story.placed();
        story.confirmed();
        await().atMost(Story.LIMIT).until(() -> server.mails().size() == 1);
        server.at(Place.MAIL_END, "250 taken");
        var other = new Story();
        other.placed();
        other.confirmed();

        other.notifications("SENT");
        story.notifications().body("items[0].state", equalTo("PENDING"));
        story.notifications("FAILED").body("items[0].error", equalTo("outcome-unknown"));
    }

    @Test
    void withoutAServerAMailWaitsForOne() throws IOException {
        server.close();
        story.placed();
        story.confirmed();
        awaitAttempts(1);
        startServer();

        story.notifications("SENT");
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void aCustomerReadsInOrderAlthoughTheFirstMailIsLate() {
        server.at(Place.RCPT, "450 later");
        story.placed();
        story.confirmed();
        awaitAttempts(1);
        story.cancelled(CUSTOMER_REQUEST);
        awaitAttempts(2);
        server.at(Place.RCPT, "250 ok");

        story.notifications("SENT", "SENT").body("items[1].attempts", equalTo(1));
        assertThat(server.mails())
                .satisfiesExactly(
                        mail -> assertThat(mail).contains("is confirmed"),
                        mail -> assertThat(mail).contains("is cancelled"));
    }

    @Test
    void aMailWhoseSenderDiedEndsUnsentAndAnnounced() {
        story.placed();
        await().atMost(Story.LIMIT).until(() -> count("correspondences") == 1);
        var id = UUID.randomUUID();
        pool.preparedQuery(
                        """
                        insert into notifications (id, order_id, kind, channel, version, state, attempts,
                                                   work_due_at, causation_id, changed_at)
                        values ($1, $2, 'ORDER_CONFIRMED', 'EMAIL', 2, 'SENDING', 1, now(), $1, now())
                        """)
                .execute(Tuple.of(id, story.id))
                .await()
                .atMost(Story.LIMIT);

        story.notifications("FAILED")
                .body("items[0].error", equalTo("outcome-unknown"))
                .body("items[0].attempts", equalTo(1));
        assertThat(story.announced(1))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.sequence()).isEqualTo(3);
                    assertThat(event.event())
                            .isEqualTo(
                                    new NotificationFailed(
                                            story.id,
                                            id,
                                            Kind.ORDER_CONFIRMED,
                                            Channel.EMAIL,
                                            "outcome-unknown"));
                });
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void noLogLineOfAnyLevelHoldsAnAddress() throws IOException {
        story.placed();
        story.confirmed();
        story.notifications("SENT");
        server.at(Place.RCPT, "450 <" + story.address + ">: greylisted");
        story.shipped();
        story.notifications("SENT", "FAILED");
        server.at(Place.RCPT, "550 <" + story.address + ">: no such user");
        story.returned();
        story.notifications("SENT", "FAILED", "FAILED");
        var forged = new Story();
        forged.placed(forged.address + "\r\nx", "Tea");
        forged.confirmed();
        forged.notifications("FAILED");

        var log = Files.readString(LOG);

        assertThat(log).contains("smtp-450").contains("smtp-550").contains("bad-address");
        assertThat(log).doesNotContain(story.address).doesNotContain(forged.address);
        assertThat(log.lines().filter(line -> line.contains("@example.com"))).isEmpty();
    }

    private void awaitAttempts(int attempts) {
        await().atMost(Story.LIMIT)
                .until(
                        () -> story.items(),
                        items ->
                                !items.isEmpty()
                                        && (int) items.getFirst().get("attempts") >= attempts);
    }

    private long count(String table) {
        return pool.preparedQuery("select count(*) from " + table + " where order_id = $1")
                .execute(Tuple.of(story.id))
                .await()
                .atMost(Story.LIMIT)
                .iterator()
                .next()
                .getLong(0);
    }
}
