package dev.quadrille.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.local.Shop.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// One order for every way to end, all of them on their way at the same time, and a row for each as
/// it ends: what the order says of itself, what the provider has on its books, and how many mails
/// have gone out.
final class Endings {

    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);
    private static final long POLL_MS = 50;
    private static final int NUMBER_DIGITS = 8;

    /// The provider is stuck for 15 s: an order that is given no more has no payment by then.
    static final Duration SHORT_DEADLINE = Duration.ofSeconds(10);

    private static final String ROW = "  %-9s %-31s %-9s %-16s %-9s %-10s %5s %5s %5s  %s";

    private final Shop shop;
    private final Console console;

    Endings(Shop shop, Console console) {
        this.shop = shop;
        this.console = console;
    }

    /// How an order is to end.
    ///
    /// @param heldMinor what the provider is to hold then; the same for what it took and gave back
    private record End(
            String status,
            @Nullable String reason,
            String stock,
            String payment,
            long heldMinor,
            long capturedMinor,
            long refundedMinor,
            int mails) {

        /// Only a person ends a CONFIRMED order.
        boolean settled() {
            return !status.equals("CONFIRMED");
        }
    }

    /// What somebody asks for once the order is so far.
    private record Step(Predicate<JsonNode> when, String command, String body) {

        static Step cancel(Predicate<JsonNode> when) {
            return new Step(when, "cancellation", "{\"reason\":\"changed my mind\"}");
        }

        static Step ship() {
            return new Step(
                    has("status", "CONFIRMED"),
                    "shipment",
                    "{\"carrier\":\"Snail\",\"trackingNumber\":\"SNAIL-1\"}");
        }

        static Step takeBack() {
            return new Step(has("settled", "true"), "return", "{\"reason\":\"too small\"}");
        }

        private static Predicate<JsonNode> has(String member, String value) {
            return order -> order.path(member).asText().equals(value);
        }
    }

    /// An order that was placed, and what is still to be done with it.
    private record Course(String title, JsonNode placed, Deque<Step> steps, End end) {

        String id() {
            return placed.path("id").asText();
        }
    }

    /// What the parts say of an order.
    private record Seen(JsonNode order, long held, long captured, long refunded, long mails) {

        boolean is(End end) {
            return end.status().equals(text("status"))
                    && (end.reason() == null ? "-" : end.reason()).equals(reason())
                    && end.stock().equals(text("stock"))
                    && end.payment().equals(text("payment"))
                    && end.settled() == order.path("settled").asBoolean()
                    && end.heldMinor() == held
                    && end.capturedMinor() == captured
                    && end.refundedMinor() == refunded
                    && end.mails() == mails;
        }

        String reason() {
            return order.path("reason").isTextual() ? text("reason") : "-";
        }

        String text(String member) {
            return order.path(member).asText();
        }
    }

    /// @param sku of which there is plenty
    /// @param priceMinor of it
    /// @param rareSku of which there is one
    /// @return how many orders ended otherwise than they should
    int show(String sku, long priceMinor, String rareSku) throws IOException, InterruptedException {
        var open = place(sku, priceMinor, rareSku);
        var given = timeGiven(open);
        console.line(
                ROW.formatted(
                        "order",
                        "how it comes about",
                        "status",
                        "reason",
                        "stock",
                        "payment",
                        "held",
                        "taken",
                        "back",
                        "mails"));
        long begun = System.nanoTime();
        long told = begun;
        while (!open.isEmpty() && System.nanoTime() - begun < END_LIMIT.toNanos()) {
            for (var course : List.copyOf(open)) {
                if (goOn(course)) {
                    open.remove(course);
                    told = System.nanoTime();
                }
            }
            if (!open.isEmpty() && System.nanoTime() - told > PROGRESS_INTERVAL.toNanos()) {
                console.line("  ... " + open.size() + " on their way, " + open.getFirst().title());
                told = System.nanoTime();
            }
            Thread.sleep(POLL_MS);
        }
        for (var course : open) {
            console.line(row(course, look(course)));
            console.fault("  but it should be " + course.end());
        }
        if (!isShort(given)) {
            console.line(
                    "  TIMED_OUT is not among them: the stack that was found gives an order %d s."
                            .formatted(given.toSeconds()));
            console.line(
                    "  To see it, end it with ./run.sh stop; the demo's own stack gives less.");
        }
        return open.size();
    }

    private List<Course> place(String sku, long priceMinor, String rareSku)
            throws IOException, InterruptedException {
        var good = Shop.order("pm_card_visa", Shop.line(sku, 1));
        var slow = Shop.order("pm_sandbox_slow", Shop.line(sku, 1));
        var courses = new ArrayList<Course>();
        courses.add(
                course(
                        "nothing more is done",
                        good,
                        new End("CONFIRMED", null, "RESERVED", "AUTHORIZED", priceMinor, 0, 0, 1)));
        courses.add(
                course(
                        "shipped",
                        good,
                        new End("SHIPPED", null, "COMMITTED", "CAPTURED", 0, priceMinor, 0, 2),
                        Step.ship()));
        courses.add(
                course(
                        "shipped, taken back",
                        good,
                        new End(
                                "RETURNED",
                                null,
                                "RESTOCKED",
                                "REFUNDED",
                                0,
                                priceMinor,
                                priceMinor,
                                4),
                        Step.ship(),
                        Step.takeBack()));
        courses.add(
                course(
                        "more than there is",
                        Shop.order("pm_card_visa", Shop.line(rareSku, 2)),
                        cancelled("OUT_OF_STOCK", "REJECTED", "NONE", 1)));
        courses.add(
                course(
                        "the card is declined",
                        Shop.order("pm_card_chargeDeclined", Shop.line(sku, 1)),
                        cancelled("PAYMENT_DECLINED", "RELEASED", "DECLINED", 1)));
        courses.add(
                course(
                        "cancelled once confirmed",
                        good,
                        cancelled("CUSTOMER_REQUEST", "RELEASED", "VOIDED", 2),
                        Step.cancel(Step.has("status", "CONFIRMED"))));
        courses.add(
                course(
                        "cancelled while it is charged",
                        slow,
                        cancelled("CUSTOMER_REQUEST", "RELEASED", "VOIDED", 1),
                        Step.cancel(Step.has("stock", "RESERVED"))));
        if (isShort(timeGiven(courses))) {
            courses.add(
                    course(
                            "charged too slowly",
                            Shop.order("pm_sandbox_stuck", Shop.line(sku, 1)),
                            cancelled("TIMED_OUT", "RELEASED", "VOIDED", 1)));
        }
        return courses;
    }

    private static boolean isShort(Duration given) {
        return given.compareTo(SHORT_DEADLINE) <= 0;
    }

    private static Duration timeGiven(List<Course> courses) {
        var order = courses.getFirst().placed();
        return Duration.between(
                Instant.parse(order.path("placedAt").asText()),
                Instant.parse(order.path("deadline").asText()));
    }

    private static End cancelled(String reason, String stock, String payment, int mails) {
        return new End("CANCELLED", reason, stock, payment, 0, 0, 0, mails);
    }

    private Course course(String title, String body, End end, Step... steps)
            throws IOException, InterruptedException {
        return new Course(title, shop.place(body), new ArrayDeque<>(List.of(steps)), end);
    }

    /// @return whether the order has ended as it should
    private boolean goOn(Course course) throws IOException, InterruptedException {
        var next = course.steps().peek();
        if (next == null) {
            var seen = look(course);
            if (seen.is(course.end())) {
                console.line(row(course, seen));
                return true;
            }
            return false;
        }
        if (next.when().test(order(course))) {
            var answer =
                    shop.post(
                            Port.ORDER,
                            "/v1/orders/" + course.id() + "/" + next.command(),
                            next.body());
            if (answer.status() != 202) {
                throw new IOException("the " + next.command() + " was answered with " + answer);
            }
            course.steps().remove();
        }
        return false;
    }

    private JsonNode order(Course course) throws IOException, InterruptedException {
        return shop.get(Port.ORDER, "/v1/orders/" + course.id()).body();
    }

    private Seen look(Course course) throws IOException, InterruptedException {
        var books = shop.get(Port.SANDBOX, "/sandbox/ledger?orderId=" + course.id());
        var mails = shop.get(Port.NOTIFICATION, "/v1/notifications?orderId=" + course.id());
        return new Seen(
                order(course),
                sum(books, "held"),
                sum(books, "captured"),
                sum(books, "refunded"),
                items(mails).stream()
                        .filter(item ->
                                item.path("channel").asText().equals("EMAIL")
                                        && item.path("state").asText().equals("SENT"))
                        .count());
    }

    private static long sum(Answer books, String amount) {
        return items(books).stream().mapToLong(item -> item.path(amount).asLong()).sum();
    }

    private static List<JsonNode> items(Answer answer) {
        return StreamSupport.stream(answer.body().path("items").spliterator(), false).toList();
    }

    private static String row(Course course, Seen seen) {
        var id = course.id();
        return ROW.formatted(
                id.substring(id.length() - NUMBER_DIGITS).toUpperCase(Locale.ROOT),
                course.title(),
                seen.text("status"),
                seen.reason(),
                seen.text("stock"),
                seen.text("payment"),
                major(seen.held()),
                major(seen.captured()),
                major(seen.refunded()),
                seen.mails());
    }

    private static String major(long minor) {
        return minor == 0 ? "-" : String.format(Locale.ROOT, "%.2f", minor / 100.0);
    }
}
