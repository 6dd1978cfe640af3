package dev.quadrille.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void anEmptyEnvironmentGivesTheDefaults() throws Exception {
        Settings settings = Settings.from(Map.of("QUADRILLE_SANDBOX_WEBHOOK_URL", ""));

        assertThat(settings)
                .isEqualTo(
                        new Settings(
                                "127.0.0.1",
                                8085,
                                Path.of(".quadrille/payment-sandbox"),
                                "sk_test_quadrille",
                                null,
                                "whsec_quadrille",
                                Settings.Pace.USUAL));
    }

    @Test
    void everythingCanBeSet() throws Exception {
        Settings settings =
                Settings.from(
                        Map.of(
                                "QUADRILLE_SANDBOX_HOST", "0.0.0.0",
                                "QUADRILLE_SANDBOX_PORT", "0",
                                "QUADRILLE_SANDBOX_DATA", "elsewhere",
                                "QUADRILLE_SANDBOX_KEY", "sk_test_mine",
                                "QUADRILLE_SANDBOX_WEBHOOK_URL", "http://localhost:8083/events",
                                "QUADRILLE_SANDBOX_WEBHOOK_SECRET", "whsec_mine"));

        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isZero();
        assertThat(settings.data()).isEqualTo(Path.of("elsewhere"));
        assertThat(settings.key()).isEqualTo("sk_test_mine");
        assertThat(settings.webhookUrl()).isEqualTo(URI.create("http://localhost:8083/events"));
        assertThat(settings.webhookSecret()).isEqualTo("whsec_mine");
        assertThat(settings.toString()).doesNotContain("sk_test_mine", "whsec_mine");
    }

    @ParameterizedTest
    @CsvSource({
        "QUADRILLE_SANDBOX_PORT,           eighty",
        "QUADRILLE_SANDBOX_PORT,           65536",
        "QUADRILLE_SANDBOX_PORT,           -1",
        "QUADRILLE_SANDBOX_WEBHOOK_URL,    localhost:8083",
        "QUADRILLE_SANDBOX_WEBHOOK_URL,    ftp://localhost/",
        "QUADRILLE_SANDBOX_WEBHOOK_URL,    http://",
        "QUADRILLE_SANDBOX_KEY,            two words",
        "QUADRILLE_SANDBOX_WEBHOOK_SECRET, grün"
    })
    void whatMakesNoSenseIsNamed(String name, String value) {
        assertThatThrownBy(() -> Settings.from(Map.of(name, value)))
                .isInstanceOf(Settings.Unusable.class)
                .hasMessageStartingWith(name + " is ");
    }
}
