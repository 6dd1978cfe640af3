package dev.quadrille.sandbox;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the environment may set. The defaults stand here and nowhere else.
///
/// | variable | default | meaning |
/// |---|---|---|
/// | `QUADRILLE_SANDBOX_HOST` | `127.0.0.1` | the address to bind |
/// | `QUADRILLE_SANDBOX_PORT` | `8085` | 0 takes any free port |
/// | `QUADRILLE_SANDBOX_DATA` | `.quadrille/payment-sandbox` | the journal's folder |
/// | `QUADRILLE_SANDBOX_KEY` | `sk_test_quadrille` | the secret API key |
/// | `QUADRILLE_SANDBOX_WEBHOOK_URL` | none | where events are posted; without it none are |
/// | `QUADRILLE_SANDBOX_WEBHOOK_SECRET` | `whsec_quadrille` | what events are signed with |
///
/// @param webhookUrl null if nobody listens
/// @param pace not for the environment: tests choose it, everybody else takes [Pace#USUAL]
public record Settings(
        String host,
        int port,
        Path data,
        String key,
        @Nullable URI webhookUrl,
        String webhookSecret,
        Pace pace) {

    /// How long things take.
    ///
    /// @param slowAnswer what `pm_sandbox_slow` waits before it does anything
    /// @param silence how long `pm_sandbox_timeout` holds a connection that it will not answer
    /// @param firstWebhookPause between the first and the second attempt to deliver an event; each
    ///   further pause is twice as long
    public record Pace(Duration slowAnswer, Duration silence, Duration firstWebhookPause) {

        private static final int STUCK_TO_SLOW = 5;

        public static final Pace USUAL =
                new Pace(Duration.ofSeconds(3), Duration.ofSeconds(120), Duration.ofSeconds(1));

        public Pace {
            Check.that(!slowAnswer.isNegative(), "a slow answer takes no negative time");
            Check.that(!silence.isNegative(), "a silence takes no negative time");
            Check.that(firstWebhookPause.isPositive(), "there is a pause between two attempts");
        }

        /// What `pm_sandbox_stuck` waits before it does anything.
        Duration stuckAnswer() {
            return slowAnswer.multipliedBy(STUCK_TO_SLOW);
        }
    }

    /// The sandbox cannot work with these settings; the message is for whoever set them.
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    public Settings {
        Check.that(!host.isBlank(), "there is a host");
        Check.that(port >= 0 && port <= 65_535, "a port is 0 to 65535");
        Check.that(!key.isBlank(), "there is a key");
        Check.that(!webhookSecret.isBlank(), "there is a webhook secret");
    }

    /// @throws Unusable for the first variable that makes no sense
    public static Settings from(Map<String, String> environment) throws Unusable {
        return new Settings(
                host(text(environment, "QUADRILLE_SANDBOX_HOST", "127.0.0.1")),
                port(text(environment, "QUADRILLE_SANDBOX_PORT", "8085")),
                folder(text(environment, "QUADRILLE_SANDBOX_DATA", ".quadrille/payment-sandbox")),
                secret(environment, "QUADRILLE_SANDBOX_KEY", "sk_test_quadrille"),
                url(environment.get("QUADRILLE_SANDBOX_WEBHOOK_URL")),
                secret(environment, "QUADRILLE_SANDBOX_WEBHOOK_SECRET", "whsec_quadrille"),
                Pace.USUAL);
    }

    /// Without the secrets.
    @Override
    public String toString() {
        return "Settings[" + host + ":" + port + ", " + data + ", webhooks to " + webhookUrl + "]";
    }

    /// A variable that is set to nothing counts as not set: that is how a compose file leaves one
    /// out.
    private static String text(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static String host(String text) throws Unusable {
        if (new InetSocketAddress(text, 0).isUnresolved()) {
            throw new Unusable("QUADRILLE_SANDBOX_HOST is an address of this machine, not " + text);
        }
        return text;
    }

    private static int port(String text) throws Unusable {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below, together with the numbers that are no ports.
        }
        throw new Unusable("QUADRILLE_SANDBOX_PORT is a number from 0 to 65535, not " + text);
    }

    private static Path folder(String text) throws Unusable {
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            throw new Unusable("QUADRILLE_SANDBOX_DATA is a folder, not " + text);
        }
    }

    /// A secret travels in a header, so it is one word of ASCII. It is not repeated in the message.
    private static String secret(Map<String, String> environment, String name, String otherwise)
            throws Unusable {
        String value = text(environment, name, otherwise);
        if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new Unusable(name + " is printable ASCII without spaces");
        }
        return value;
    }

    private static @Nullable URI url(@Nullable String text) throws Unusable {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            URI url = new URI(text.strip());
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException _) {
            // Said below, together with the URIs that lead nowhere.
        }
        throw new Unusable(
                "QUADRILLE_SANDBOX_WEBHOOK_URL is an http or https address, not " + text.strip());
    }
}
