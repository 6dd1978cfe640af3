package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TogetherRunsTest {

    @Test
    void anAcceptedOrderTellsWhereItIs() {
        assertThat(TogetherRuns.placed(answer("202 Accepted", "/v1/orders/0199-7")))
                .contains("/v1/orders/0199-7");
        assertThat(TogetherRuns.placed(answer("202 Accepted", "http://localhost:1/v1/orders/7")))
                .contains("/v1/orders/7");
    }

    @Test
    void whatIsNotAcceptedIsNotPlaced() {
        assertThat(TogetherRuns.placed(answer("503 Service Unavailable", "/v1/orders/7")))
                .isEmpty();
        assertThat(TogetherRuns.placed("HTTP/1.1 202 Accepted\r\n\r\n{}")).isEmpty();
        assertThat(TogetherRuns.placed("")).isEmpty();
    }

    @Test
    void onlyAConfirmedOrderIsConfirmed() {
        assertThat(TogetherRuns.isConfirmed(shown("CONFIRMED"))).isTrue();
        assertThat(TogetherRuns.isConfirmed(shown("PENDING"))).isFalse();
        assertThat(TogetherRuns.isConfirmed(shown("CANCELLED"))).isFalse();
        assertThat(TogetherRuns.isConfirmed("HTTP/1.1 404 Not Found\r\n\r\n")).isFalse();
    }

    private static String answer(String status, String location) {
        return "HTTP/1.1 %s\r\ncontent-length: 2\r\nLocation: %s\r\n\r\n{}"
                .formatted(status, location);
    }

    private static String shown(String status) {
        return "HTTP/1.1 200 OK\r\nETag: \"2\"\r\n\r\n{\"id\":\"7\",\"status\":\"%s\"}"
                .formatted(status);
    }
}
