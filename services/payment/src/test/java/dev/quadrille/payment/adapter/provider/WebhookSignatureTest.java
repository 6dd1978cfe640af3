package dev.quadrille.payment.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {

    private static final List<String> SECRETS = List.of("whsec_old", "whsec_quadrille");
    private static final byte[] BODY = "{\"id\":\"evt_1\"}".getBytes(StandardCharsets.UTF_8);

    // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_quadrille
    private static final String SIGNATURE =
            "f94a653f0d8e796606f7570d3e51319336a43408bc474ca8db72c147dcdee22e";
    private static final long TIME = 1_700_000_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t=1700000000,v1=%s",
                "v1=%s,t=1700000000",
                "t=1700000000, v1=%s",
                "t=1700000000,v1=00,v1=%s",
                "t=1700000000,v1=%s,v1=nonsense,v0=00",
                "t=1700000000,v0=1,v1=%s,scheme"
            })
    void oneGoodSignatureIsEnough(String header) {
        assertThat(isValid(header.formatted(SIGNATURE), TIME)).isTrue();
        assertThat(isValid(header.formatted(SIGNATURE.toUpperCase()), TIME)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "t=1700000000",
                "v1=%s",
                "t=,v1=%s",
                "t=-1700000000,v1=%s",
                "t=+1700000000,v1=%s",
                "t=17000000000000000000000,v1=%s",
                "t=1700000001,v1=%s",
                "t=1700000000,v0=%s",
                "t=1700000000,v1=%s0",
                "t=1700000000,v1=",
                "t=1700000000,v1=ff%s",
                "t=1700000000;v1=%s"
            })
    void whatIsNotASignatureOfStripesIsNoSignature(String header) {
        assertThat(isValid(header.formatted(SIGNATURE), TIME)).isFalse();
        assertThat(isValid(null, TIME)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-301, false", "-300, true", "0, true", "300, true", "301, false"})
    void itIsGoodForFiveMinutesEitherWay(long seconds, boolean valid) {
        assertThat(isValid("t=" + TIME + ",v1=" + SIGNATURE, TIME + seconds)).isEqualTo(valid);
    }

    @Test
    void itIsOfThisBodyAndBySomebodyWhoKnowsASecret() {
        var header = "t=" + TIME + ",v1=" + SIGNATURE;
        var now = Instant.ofEpochSecond(TIME);
        var other = "{\"id\":\"evt_2\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(WebhookSignature.isValid(header, other, SECRETS, now)).isFalse();
        assertThat(WebhookSignature.isValid(header, BODY, List.of("whsec_old"), now)).isFalse();
        assertThat(WebhookSignature.isValid(header, BODY, List.of(), now)).isFalse();
    }

    private static boolean isValid(String header, long nowSeconds) {
        return WebhookSignature.isValid(header, BODY, SECRETS, Instant.ofEpochSecond(nowSeconds));
    }
}
