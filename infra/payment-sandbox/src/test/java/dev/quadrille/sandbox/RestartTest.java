package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.Sandbox.INTENTS;
import static dev.quadrille.sandbox.Sandbox.REFUNDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.sandbox.Sandbox.Got;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestartTest {

    @TempDir Path folder;

    @Test
    void aRestartKeepsEverything() throws Exception {
        JsonNode intents;
        JsonNode ledger;
        Got refund;
        Got kept;
        Got declined;
        try (Sandbox before = Sandbox.in(folder)) {
            before.post(INTENTS, "amount=5", "currency=eur", "description=waits for a card");
            before.post(INTENTS, "amount=5", "currency=eur", "payment_method=pm_card_visa");
            before.hold(1_000, "o-held");
            String canceled = before.hold(1_000, "o-canceled").id();
            before.post(
                    INTENTS + "/" + canceled + "/cancel",
                    "cancellation_reason=requested_by_customer");
            String captured = before.hold(1_000, "o-captured").id();
            before.post(INTENTS + "/" + captured + "/capture", "amount_to_capture=800");
            refund =
                    before.post(
                            REFUNDS,
                            "payment_intent=" + captured,
                            "amount=300",
                            "metadata[why]=late");
            kept = before.postWithKey("k", REFUNDS, "payment_intent=" + captured, "amount=100");
            declined = before.postWithKey("d", INTENTS, declinedParameters());
            intents = before.get(INTENTS).body();
            ledger = before.get("/sandbox/ledger").body();
        }

        try (Sandbox after = Sandbox.in(folder)) {
            Got replayed =
                    after.postWithKey(
                            "k",
                            REFUNDS,
                            "payment_intent=" + kept.text("/payment_intent"),
                            "amount=100");
            Got replayedDecline = after.postWithKey("d", INTENTS, declinedParameters());

            assertThat(after.get(INTENTS).body()).isEqualTo(intents);
            assertThat(after.get("/sandbox/ledger").body()).isEqualTo(ledger);
            assertThat(after.get(REFUNDS + "/" + refund.id()).body()).isEqualTo(refund.body());
            assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(replayed.response().body()).isEqualTo(kept.response().body());
            assertThat(replayedDecline.status()).isEqualTo(402);
            assertThat(replayedDecline.response().body()).isEqualTo(declined.response().body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"atMillis\":17000", "{\"atMillis\":1700000000000}", "{\"at\n", "\n"})
    void aTornLastLineIsCutOff(String torn) throws Exception {
        String first;
        try (Sandbox before = Sandbox.in(folder)) {
            first = before.hold(1_000, "o-1").id();
        }
        long whole = Files.size(journal());
        Files.writeString(journal(), torn, StandardOpenOption.APPEND);

        String second;
        try (Sandbox after = Sandbox.in(folder)) {
            assertThat(Files.size(journal())).isEqualTo(whole);
            second = after.hold(2_000, "o-2").id();
        }

        try (Sandbox again = Sandbox.in(folder)) {
            assertThat(again.get(INTENTS).body().path("data").findValuesAsText("id"))
                    .containsExactly(second, first);
        }
    }

    @Test
    void everyPrefixOfTheJournalIsAStateThatOnceWas() throws Exception {
        try (Sandbox before = Sandbox.in(folder)) {
            String id =
                    before.postWithKey(
                                    "k",
                                    INTENTS,
                                    "amount=1000",
                                    "currency=eur",
                                    "confirm=true",
                                    "capture_method=manual",
                                    "payment_method=pm_card_visa",
                                    "metadata[orderId]=o-1")
                            .id();
            before.postWithKey("c", INTENTS + "/" + id + "/capture");
        }
        byte[] all = Files.readAllBytes(journal());
        int hold = Files.readAllLines(journal()).getFirst().length() + 1;

        assertThat(ledgerOfFirst(all, 0)).isEmpty();
        assertThat(ledgerOfFirst(all, hold - 1)).isEmpty();
        assertThat(ledgerOfFirst(all, hold)).isEqualTo("held 1000, captured 0");
        assertThat(ledgerOfFirst(all, hold + 1)).isEqualTo("held 1000, captured 0");
        assertThat(ledgerOfFirst(all, (hold + all.length) / 2)).isEqualTo("held 1000, captured 0");
        assertThat(ledgerOfFirst(all, all.length - 1)).isEqualTo("held 1000, captured 0");
        assertThat(ledgerOfFirst(all, all.length)).isEqualTo("held 0, captured 1000");
    }

    @Test
    void aJournalThatIsBrokenInTheMiddleIsNotGuessedAt() throws Exception {
        try (Sandbox before = Sandbox.in(folder)) {
            before.hold(1_000, "o-1");
            before.hold(1_000, "o-2");
        }
        String journal = Files.readString(journal());
        Files.writeString(
                journal(), journal.replaceFirst("\"amountMinor\":1000", "\"amountMinor\":0"));

        assertThatThrownBy(() -> Sandbox.in(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the line at byte 0 of");
    }

    @Test
    void whatCannotBeWrittenHasNotHappened() throws Exception {
        InstantSource clock = new Sandbox.Clock();
        Settings settings = Sandbox.settings(folder, null, Settings.Pace.USUAL);
        Terms terms =
                new Terms("pi_1", 5, 10, "eur", CaptureMethod.MANUAL, "secret", null, Map.of());
        Account account = new Account(folder, clock, new Webhooks(settings, clock, new Ids()));
        account.close();

        assertThatThrownBy(() ->
                        account.settle(
                                new Command.Open(terms, TestMethod.VISA, true, "ch_1"),
                                new Account.Origin("req_1", "k", "f")))
                .isInstanceOf(IOException.class);
        assertThat(account.intentsOf(null, 10)).isEmpty();
        assertThat(account.claim("k", "f")).isInstanceOf(Account.Claim.Granted.class);
    }

    @Test
    void lapsedHoldsAndFailedRefundsSurvive() throws Exception {
        String lapsed;
        String paid;
        JsonNode ledger;
        try (Sandbox before = Sandbox.in(folder)) {
            lapsed = before.hold(1_000, "o-1").id();
            before.post("/sandbox/intents/" + lapsed + "/lapse");
            paid =
                    before.post(
                                    INTENTS,
                                    "amount=5",
                                    "currency=eur",
                                    "confirm=true",
                                    "payment_method=pm_sandbox_refund_fails")
                            .id();
            before.post("/v1/refunds", "payment_intent=" + paid);
            before.post("/v1/refunds", "payment_intent=" + paid);
            ledger = before.get("/sandbox/ledger").body();
        }

        try (Sandbox after = Sandbox.in(folder)) {
            assertThat(after.get("/sandbox/ledger").body()).isEqualTo(ledger);
            assertThat(after.get(INTENTS + "/" + lapsed).text("/cancellation_reason"))
                    .isEqualTo("automatic");
            assertThat(
                            after.get("/v1/refunds?payment_intent=" + paid)
                                    .body()
                                    .findValuesAsText("status"))
                    .containsExactly("succeeded", "failed");
        }
    }

    @Test
    void aRefundOfAJournalThatDoesNotSayItsStatusSucceeded() throws Exception {
        String refund;
        try (Sandbox before = Sandbox.in(folder)) {
            String hold = before.hold(1_000, "o-1").id();
            before.post(INTENTS + "/" + hold + "/capture");
            refund = before.post("/v1/refunds", "payment_intent=" + hold).id();
        }
        String written = Files.readString(journal());
        String older = written.replace(",\"status\":\"succeeded\"}", "}");
        assertThat(older).isNotEqualTo(written);
        Files.writeString(journal(), older);

        try (Sandbox after = Sandbox.in(folder)) {
            assertThat(after.get("/v1/refunds/" + refund).text("/status")).isEqualTo("succeeded");
        }
    }

    @Test
    void aFolderIsForOneSandboxAtATime() throws Exception {
        try (Sandbox _ = Sandbox.in(folder)) {

            assertThatThrownBy(() -> Sandbox.in(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another payment sandbox is using the folder");
        }
    }

    @Test
    void aKeyThatExpiredWhileNobodyRanIsForgotten() throws Exception {
        String first;
        try (Sandbox before = Sandbox.in(folder)) {
            first = before.postWithKey("k", INTENTS, "amount=5", "currency=eur").id();
        }

        try (Sandbox after = Sandbox.in(folder)) {
            after.clock.advance(Duration.ofHours(24));
            Got anew = after.postWithKey("k", INTENTS, "amount=5", "currency=eur");

            assertThat(anew.id()).isNotEqualTo(first);
        }
    }

    private String ledgerOfFirst(byte[] journal, int bytes) throws Exception {
        Path cut = Files.createTempDirectory(folder, "cut");
        Files.write(cut.resolve("journal.jsonl"), Arrays.copyOf(journal, bytes));
        try (Sandbox sandbox = Sandbox.in(cut)) {
            JsonNode ledger = sandbox.ledger("o-1");
            return ledger.isEmpty()
                    ? ""
                    : "held %s, captured %s"
                            .formatted(ledger.at("/0/held"), ledger.at("/0/captured"));
        }
    }

    private Path journal() {
        return folder.resolve("journal.jsonl");
    }

    private static String[] declinedParameters() {
        return new String[] {
            "amount=5", "currency=eur", "confirm=true", "payment_method=pm_card_chargeDeclined"
        };
    }
}
