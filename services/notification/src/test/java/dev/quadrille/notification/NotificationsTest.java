package dev.quadrille.notification;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class NotificationsTest {

    private final Story story = new Story();

    @Test
    void theCustomerOfAConfirmedOrderGetsAMail() {
        story.placed();
        var cause = story.confirmed();

        var item =
                story.notifications("SENT")
                        .body("next", nullValue())
                        .body("items", hasSize(1))
                        .body("items[0].orderId", equalTo(story.id.toString()))
                        .body("items[0].kind", equalTo("ORDER_CONFIRMED"))
                        .body("items[0].channel", equalTo("EMAIL"))
                        .body("items[0].attempts", equalTo(1))
                        .body("items[0].error", nullValue())
                        .body("items[0].at", notNullValue());
        UUID notificationId = UUID.fromString(item.extract().path("items[0].id"));
        assertThat(story.announced(1))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.event())
                            .isEqualTo(
                                    new NotificationSent(
                                            story.id,
                                            notificationId,
                                            Kind.ORDER_CONFIRMED,
                                            Channel.EMAIL));
                    assertThat(event.sequence()).isEqualTo(3);
                    assertThat(event.causationId()).isEqualTo(cause.id());
                });
        var number = story.id.toString().substring(28).toUpperCase(Locale.ROOT);
        assertThat(Inbox.of(story.address))
                .singleElement()
                .asString()
                .contains("Subject: Your order " + number + " is confirmed\n")
                .contains("From: orders@quadrille.example\n")
                .contains("To: " + story.address + "\n")
                .contains("Message-ID: <" + notificationId + "@quadrille.example>\n")
                .contains("Content-Type: text/plain")
                .contains("2 x Tea <b>& \"cake\"</b>: 9.00 EUR")
                .contains("Content-Type: text/html")
                .contains("Tea &lt;b&gt;&amp; &quot;cake&quot;&lt;/b&gt;");
    }

    @Test
    void theCustomerIsToldOfEachStepInItsOrder() {
        story.placed();
        story.confirmed();
        story.shipped();
        story.returned();
        story.notifications("SENT", "SENT", "SENT");
        story.refunded();

        story.notifications("SENT", "SENT", "SENT", "SENT")
                .body(
                        "items.kind",
                        contains(
                                "ORDER_CONFIRMED",
                                "ORDER_SHIPPED",
                                "ORDER_RETURNED",
                                "PAYMENT_REFUNDED"));
        assertThat(Inbox.of(story.address))
                .satisfiesExactly(
                        mail -> assertThat(mail).contains(" is confirmed"),
                        mail -> assertThat(mail).contains(" is on its way").contains("JJD1"),
                        mail -> assertThat(mail).contains(" has arrived"),
                        mail -> assertThat(mail).contains("Your refund").contains("9.00 EUR"));
    }

    @ParameterizedTest
    @CsvSource({
        "OUT_OF_STOCK, in stock any more",
        "PAYMENT_DECLINED, payment was declined",
        "TIMED_OUT, in time",
        "CUSTOMER_REQUEST, You asked us",
    })
    void aCancellationIsToldWithItsReason(CancellationReason reason, String words) {
        story.placed();
        story.cancelled(reason);

        story.notifications("SENT").body("items[0].kind", equalTo("ORDER_CANCELLED"));
        assertThat(Inbox.of(story.address)).singleElement().asString().contains(words);
    }

    @Test
    void whatComesTwiceIsToldOnce() {
        var wire = Wire.ofServiceUnderTest();
        wire.announce(story.placed());
        var confirmed = story.confirmed();
        wire.announce(confirmed);
        story.notifications("SENT");
        wire.announce(confirmed);
        story.confirmed();
        story.shipped();

        story.notifications("SENT", "SENT")
                .body("items.kind", contains("ORDER_CONFIRMED", "ORDER_SHIPPED"));
        assertThat(Inbox.of(story.address)).hasSize(2);
        assertThat(story.announced(2)).hasSize(2);
    }

    @Test
    void aRefundThatIsHeardBeforeTheOrderWaitsForIt() {
        story.refunded();
        await().atMost(Story.LIMIT).until(this::isWaiting);
        story.notifications().body("items", empty());

        var placed = story.placed();

        story.notifications("SENT").body("items[0].kind", equalTo("PAYMENT_REFUNDED"));
        assertThat(story.announced(1))
                .singleElement()
                .satisfies(event -> assertThat(event.causationId()).isEqualTo(placed.id()));
        assertThat(Inbox.of(story.address)).hasSize(1);
    }

    @Test
    void anAddressThatWouldForgeAHeaderIsNeverWrittenTo() {
        story.placed(story.address + "\r\nBcc: all-" + story.address, "Tea");
        story.confirmed();

        story.notifications("FAILED").body("items[0].error", equalTo("bad-address"));
        assertThat(story.announced(1).getFirst().event())
                .isInstanceOfSatisfying(
                        NotificationFailed.class,
                        failed -> assertThat(failed.error()).isEqualTo("bad-address"));
        assertThat(Inbox.of(story.address)).isEmpty();
        assertThat(Inbox.of("all-" + story.address)).isEmpty();
    }

    @Test
    void aNameThatWouldForgeALineOrAHeaderStaysInItsLine() {
        story.placed(story.address, "Tea\r\n.\r\nBcc: all-" + story.address + "\r\n\r\nTotal: 0");
        story.confirmed();

        story.notifications("SENT");
        assertThat(Inbox.of(story.address))
                .singleElement()
                .asString()
                .contains("2 x Tea . Bcc: all-" + story.address + " Total: 0: 9.00 EUR");
        assertThat(Inbox.of("all-" + story.address)).isEmpty();
    }

    @Test
    void ofAnUnknownOrderThereAreNoNotifications() {
        story.notifications().body("items", empty()).body("next", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?orderId=", "?orderId=1-1-1-1-1", "?orderId=x"})
    void theOrderMustBeNamed(String query) {
        given().get("/v1/notifications" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/invalid-request"))
                .body("violations[0].field", equalTo("orderId"));
    }

    @Test
    void noMetricHoldsAnAddress() {
        story.placed();
        story.confirmed();
        story.notifications("SENT");

        var metrics = given().get("/q/metrics").asString();

        assertThat(metrics).contains("quadrille_mail_seconds").doesNotContain("@");
    }

    /// Whether there is a correspondence without a customer.
    private boolean isWaiting() throws SQLException {
        try (var database = ServiceOnStack.database();
                var query =
                        database.prepareStatement(
                                """
                                select from correspondences where order_id = ? and customer_email is null
                                """)) {
            query.setObject(1, story.id);
            return query.executeQuery().next();
        }
    }
}
