package dev.quadrille.notification.adapter.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {

    /// The example that the reference implementations of Standard Webhooks test themselves with.
    @Test
    void theExampleOfTheStandardComesOut() {
        assertThat(
                        Signature.header(
                                List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1_614_265_330,
                                "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void eachSecretSignsInItsPlace() {
        var first = Signature.newSecret(new SecureRandom());
        var second = Signature.newSecret(new SecureRandom());

        assertThat(Signature.header(List.of(first, second), "1", 2, new byte[0]))
                .isEqualTo(
                        Signature.header(List.of(first), "1", 2, new byte[0])
                                + " "
                                + Signature.header(List.of(second), "1", 2, new byte[0]));
    }

    @Test
    void aNewSecretIsAsTheStandardAsks() {
        var secret = Signature.newSecret(new SecureRandom());

        assertThat(secret).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.substring(6))).hasSizeBetween(24, 64);
        assertThat(secret).isNotEqualTo(Signature.newSecret(new SecureRandom()));
    }
}
