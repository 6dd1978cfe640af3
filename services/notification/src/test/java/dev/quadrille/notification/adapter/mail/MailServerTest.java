package dev.quadrille.notification.adapter.mail;

import static dev.quadrille.notification.ScriptedServer.CLOSE;
import static dev.quadrille.notification.ScriptedServer.HANG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.notification.ScriptedServer;
import dev.quadrille.notification.ScriptedServer.Place;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.notification.domain.Outcome.Accepted;
import dev.quadrille.notification.domain.Outcome.NotSent;
import dev.quadrille.notification.domain.Outcome.Refused;
import dev.quadrille.notification.domain.Outcome.Unclear;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.ext.mail.MailConfig;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.mail.MailClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailServerTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration IMPATIENT = Duration.ofMillis(300);
    private static final Mail MAIL =
            new Mail("id-1", "ada@x.example", "Your order", "Text of it\n.\nmore", "<p>HTML of it");

    private static Vertx vertx;

    private ScriptedServer script;
    private MailClient client;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().await().atMost(PATIENT);
    }

    @BeforeEach
    void startServer() {
        script = new ScriptedServer(0);
    }

    @AfterEach
    void stopServer() throws IOException {
        script.close();
    }

    @Test
    void aMailGoesOutOnceWithBothItsParts() {
        assertThat(send(MAIL, PATIENT)).isEqualTo(new Accepted());

        assertThat(script.commands())
                .contains("MAIL FROM:<orders@quadrille.example> SIZE=" + sizeIn(script.commands()))
                .contains("RCPT TO:<ada@x.example>");
        assertThat(script.mails())
                .singleElement()
                .asString()
                .contains("Subject: Your order\n")
                .contains("From: orders@quadrille.example\n")
                .contains("To: ada@x.example\n")
                .contains("Auto-Submitted: auto-generated\n")
                .contains("multipart/alternative")
                .contains("Text of it\n..\nmore")
                .contains("<p>HTML of it");
    }

    @Test
    void theMessageIdIsTheSameAtEachAttempt() {
        send(MAIL, PATIENT);
        send(MAIL, PATIENT);

        assertThat(script.mails())
                .hasSize(2)
                .allSatisfy(mail ->
                        assertThat(mail).contains("Message-ID: <id-1@quadrille.example>\n"));
    }

    @Test
    void withoutAServerAMailIsNotSent() throws IOException {
        script.close();

        assertThat(send(MAIL, PATIENT)).isEqualTo(new NotSent("no-connection"));
    }

    /// The client does not notice every such end by itself; then the limit does.
    @ParameterizedTest
    @EnumSource(names = {"GREETING", "EHLO"})
    void aConversationThatBreaksOffBeforeTheMailHasNotSentIt(Place place) {
        script.at(place, CLOSE);

        assertThat(send(MAIL, Duration.ofSeconds(1))).isEqualTo(new NotSent("no-connection"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MAIL", "RCPT", "DATA", "MAIL_END"})
    void aConversationThatBreaksOffWithinTheMailIsUnclear(Place place) {
        script.at(place, CLOSE);

        assertThat(send(MAIL, PATIENT)).isEqualTo(new Unclear());
    }

    @ParameterizedTest
    @EnumSource(names = {"GREETING", "MAIL", "RCPT", "DATA", "MAIL_END"})
    void aTransientRefusalHasNotSentTheMail(Place place) {
        script.at(place, "451 ada@x.example: try again later");

        assertThat(send(MAIL, PATIENT)).isEqualTo(new NotSent("smtp-451"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MAIL", "RCPT", "DATA", "MAIL_END"})
    void aPermanentRefusalOfTheMailIsForGood(Place place) {
        script.at(place, "550 ada@x.example: no such user");

        assertThat(send(MAIL, PATIENT)).isEqualTo(new Refused("smtp-550"));
    }

    @Test
    void aPermanentRefusalOfTheServiceIsTriedAgain() {
        script.at(Place.GREETING, "554 no service for you");

        assertThat(send(MAIL, PATIENT)).isEqualTo(new NotSent("smtp-554"));
    }

    @ParameterizedTest
    @CsvSource({"451, true", "550, false"})
    void pipelinedRefusalsAreJudgedAlike(String code, boolean again) {
        script.at(Place.EHLO, "250-scripted\r\n250 PIPELINING").at(Place.RCPT, code + " no");

        var word = "smtp-" + code;
        assertThat(send(MAIL, PATIENT)).isEqualTo(again ? new NotSent(word) : new Refused(word));
    }

    @Test
    void aMailWhoseEndIsNotAnsweredIsUnclear() {
        script.at(Place.MAIL_END, HANG);

        assertThat(send(MAIL, IMPATIENT)).isEqualTo(new Unclear());
        assertThat(script.mails()).hasSize(1);
    }

    /// The client goes on with its connection after nobody waits for it any more.
    @Test
    void aMailThatCountsAsNotSentIsNotSentLater() {
        script.at(Place.GREETING, HANG);

        assertThat(send(MAIL, IMPATIENT)).isEqualTo(new NotSent("no-connection"));
        script.resume();

        var other = new Mail("id-2", "eve@x.example", "Another", "text", "html");
        assertThat(send(other, PATIENT)).isEqualTo(new Accepted());
        assertThat(script.mails()).singleElement().asString().contains("<id-2@");
        assertThat(script.commands()).doesNotContain("RCPT TO:<ada@x.example>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eve@x.example\r\nBcc: all@x.example",
                "eve@x.example>\r\nDATA",
                "eve\n@x.example",
                "eve@x.example\n",
                "eve@x.example, all@x.example",
                "Eve <eve@x.example>",
                "eve@x.example (Eve)",
                "\"eve all\"@x.example",
                "büro@x.example",
                "eve@",
                "eve@x..example",
            })
    void anAddressThatCouldSayMoreThanAnAddressIsRefusedUnsaid(String address) {
        var mail = new Mail("id-1", address, "Your order", "text", "html");

        assertThat(send(mail, PATIENT)).isEqualTo(new Refused("bad-address"));
        assertThat(script.commands()).isEmpty();
    }

    @Test
    void aDomainInAnyScriptIsWrittenInAscii() {
        var mail = new Mail("id-1", "bo@exämple.example", "Your order", "text", "html");

        assertThat(send(mail, PATIENT)).isEqualTo(new Accepted());
        assertThat(script.commands()).contains("RCPT TO:<bo@xn--exmple-cua.example>");
    }

    @Test
    void noOutcomeHoldsAnAddressThatTheServerQuotes() {
        for (var answer : new String[] {"550 ada@x.example", "450 ada@x.example"}) {
            script.at(Place.RCPT, answer);

            assertThat(send(MAIL, PATIENT).toString()).doesNotContain("@");
        }
    }

    @Test
    void theSenderIsABareAddress() {
        client = MailClient.create(vertx, new MailConfig());

        assertThatThrownBy(() -> server("Quadrille <orders@quadrille.example>"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Outcome send(Mail mail, Duration limit) {
        if (client == null) {
            client =
                    MailClient.create(
                            vertx,
                            new MailConfig()
                                    .setHostname("localhost")
                                    .setPort(script.port())
                                    .setMaxPoolSize(2));
        }
        return server("orders@quadrille.example").send(mail, limit).await().atMost(PATIENT);
    }

    private MailServer server(String from) {
        return new MailServer(client, new SimpleMeterRegistry(), from);
    }

    private static String sizeIn(Iterable<String> commands) {
        for (var command : commands) {
            int at = command.indexOf("SIZE=");
            if (at >= 0) {
                return command.substring(at + "SIZE=".length());
            }
        }
        return "none";
    }
}
