package dev.quadrille.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.endtoend.Shop.Answer;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;

/// How an order is to end, in the eyes of every part. What is not said is to be as it is when
/// nothing happened.
final class Ending {

    static final Duration TO_REST = Duration.ofSeconds(60);

    private static final int NUMBER_DIGITS = 8;

    private final String status;
    private final String stockStatus;
    private final String paymentStatus;
    private final List<String> stockMoves = new ArrayList<>();
    private final List<String> timeline = new ArrayList<>();
    private final List<ExpectedMail> mails = new ArrayList<>();
    private String reason = "null";
    private boolean settled = true;
    private String reservation = "";
    private String payment = "";
    private Books books = Books.NONE;
    private int onHand;
    private int reserved;

    /// The amounts of the one intent at the provider, in minor units.
    record Books(int held, int captured, int refunded, int voided) {

        /// There is no intent.
        static final Books NONE = new Books(-1, 0, 0, 0);
    }

    private record ExpectedMail(String subject, String says) {}

    Ending(String status, String stockStatus, String paymentStatus) {
        this.status = status;
        this.stockStatus = stockStatus;
        this.paymentStatus = paymentStatus;
    }

    Ending reason(String wanted) {
        reason = wanted;
        return this;
    }

    Ending unsettled() {
        settled = false;
        return this;
    }

    Ending reservation(String state) {
        reservation = state;
        return this;
    }

    Ending payment(String state, Books atTheProvider) {
        payment = state;
        books = atTheProvider;
        return this;
    }

    /// @param moves such as `RESERVED +0 +2`: the cause, and what it did to what is on hand and
    ///   reserved
    Ending stock(int wantedOnHand, int wantedReserved, String... moves) {
        onHand = wantedOnHand;
        reserved = wantedReserved;
        stockMoves.addAll(List.of(moves));
        return this;
    }

    /// The order's own events are to be in this order, and the answers of others between them; two
    /// answers may come in either order.
    Ending timeline(String... types) {
        timeline.addAll(List.of(types));
        return this;
    }

    Ending mail(String subject, String says) {
        mails.add(new ExpectedMail(subject, says));
        return this;
    }

    /// Waits until nothing moves any more, and looks everywhere.
    void assertIs(UUID id, String sku, Shop shop, Witness witness) {
        shop.assertEverythingHolds(witness, TO_REST);
        var order = shop.order(id).body();
        var softly = new SoftAssertions();
        softly.assertThat(order.path("status").asText()).as("status").isEqualTo(status);
        softly.assertThat(order.path("reason").asText()).as("reason").isEqualTo(reason);
        softly.assertThat(order.path("stock").asText()).as("stock").isEqualTo(stockStatus);
        softly.assertThat(order.path("payment").asText()).as("payment").isEqualTo(paymentStatus);
        softly.assertThat(order.path("settled").asBoolean()).as("settled").isEqualTo(settled);
        softly.assertThat(shop.reservation(id).path("state").asText())
                .as("reservation")
                .isEqualTo(reservation);
        assertMoneyIs(id, shop, softly);
        assertStockIs(sku, shop, softly);
        assertTimelineIs(id, shop, softly);
        assertMailsAre(id, shop, softly);
        softly.assertAll();
    }

    /// A refusal says how the order is now.
    static void assertRefused(Answer answer, int httpStatus, String problem, String orderStatus) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(httpStatus);
        assertThat(answer.body().path("type").asText()).isEqualTo("/problems/" + problem);
        assertThat(answer.body().path("order").path("status").asText()).isEqualTo(orderStatus);
    }

    private void assertMoneyIs(UUID id, Shop shop, SoftAssertions softly) {
        var known = shop.payment(id);
        softly.assertThat(known.path("state").asText()).as("payment's state").isEqualTo(payment);
        softly.assertThat(minor(known, "captured")).as("captured").isEqualTo(books.captured());
        softly.assertThat(minor(known, "refunded")).as("refunded").isEqualTo(books.refunded());
        softly.assertThat(
                        shop.ledger(id).stream()
                                .map(item ->
                                        new Books(
                                                item.path("held").asInt(),
                                                item.path("captured").asInt(),
                                                item.path("refunded").asInt(),
                                                item.path("voided").asInt())))
                .as("the provider's ledger")
                .isEqualTo(books.equals(Books.NONE) ? List.of() : List.of(books));
    }

    private void assertStockIs(String sku, Shop shop, SoftAssertions softly) {
        var stock = shop.stock(sku);
        softly.assertThat(stock.path("onHand").asInt()).as("on hand").isEqualTo(onHand);
        softly.assertThat(stock.path("reserved").asInt()).as("reserved").isEqualTo(reserved);
        softly.assertThat(stock.path("available").asInt())
                .as("available")
                .isEqualTo(onHand - reserved);
        softly.assertThat(
                        shop.stockLedger(sku).stream()
                                .map(move ->
                                        "%s %+d %+d"
                                                .formatted(
                                                        move.path("cause").asText(),
                                                        move.path("onHandDelta").asInt(),
                                                        move.path("reservedDelta").asInt())))
                .as("the stock's ledger")
                .isEqualTo(stockMoves);
    }

    private void assertTimelineIs(UUID id, Shop shop, SoftAssertions softly) {
        var seen = shop.timeline(id).stream().map(item -> item.path("type").asText()).toList();
        softly.assertThat(phases(seen)).as("timeline").isEqualTo(phases(timeline));
    }

    /// Each event of the order's own, with the answers that follow it.
    private static List<Set<String>> phases(List<String> types) {
        var phases = new ArrayList<Set<String>>();
        for (var type : types) {
            if (phases.isEmpty() || type.startsWith("order-")) {
                phases.add(new TreeSet<>());
            }
            assertThat(phases.getLast().add(type)).as("%s once in %s", type, types).isTrue();
        }
        return phases;
    }

    private void assertMailsAre(UUID id, Shop shop, SoftAssertions softly) {
        var left = new ArrayList<>(shop.mails());
        softly.assertThat(left).as("mails").hasSize(mails.size());
        var text = id.toString();
        var number = text.substring(text.length() - NUMBER_DIGITS).toUpperCase(Locale.ROOT);
        for (var mail : mails) {
            var found =
                    left.stream()
                            .filter(each ->
                                    each.subject().contains(mail.subject())
                                            && each.subject().contains(number)
                                            && each.text().contains(mail.says()))
                            .findFirst();
            softly.assertThat(found).as("%s in %s", mail, left).isPresent();
            found.ifPresent(left::remove);
        }
    }

    private static int minor(JsonNode payment, String amount) {
        return payment.path(amount).path("amountMinor").asInt();
    }
}
