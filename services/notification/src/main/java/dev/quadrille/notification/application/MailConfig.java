package dev.quadrille.notification.application;

import dev.quadrille.notification.domain.SendingRules;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/// How mails are sent.
@ConfigMapping(prefix = "quadrille.notification.mail")
interface MailConfig {

    /// How many mails are under way at once.
    int atOnce();

    /// After as many attempts a mail is given up.
    int maxAttempts();

    /// How long to wait after the first attempt; each further pause is twice as long.
    Duration firstPause();

    /// No pause is longer.
    Duration maxPause();

    /// How long an attempt may take.
    Duration answerLimit();

    /// The lease leaves as much time again to store the outcome.
    default SendingRules rules() {
        return new SendingRules(
                maxAttempts(), firstPause(), maxPause(), answerLimit().multipliedBy(2));
    }
}
