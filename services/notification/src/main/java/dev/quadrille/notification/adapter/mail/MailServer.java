package dev.quadrille.notification.adapter.mail;

import dev.quadrille.delivery.LogContext;
import dev.quadrille.notification.domain.Letter;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.notification.domain.Outcome.Accepted;
import dev.quadrille.notification.domain.Outcome.NotSent;
import dev.quadrille.notification.domain.Outcome.Refused;
import dev.quadrille.notification.domain.Outcome.Unclear;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.mail.SMTPException;
import io.vertx.mutiny.ext.mail.MailClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Hands mails to the mail server, over SMTP, and says for sure what came of it or that it is not
/// sure.
///
/// | what happened                                            | outcome          |
/// |----------------------------------------------------------|------------------|
/// | the server took the mail                                 | Accepted         |
/// | the address cannot be written to                         | Refused          |
/// | no connection, or it broke or took too long before the client had read the mail | NotSent |
/// | a reply 4xx at any time, or 5xx to greeting or login     | NotSent          |
/// | a reply 5xx to the mail, its sender or its recipient     | Refused          |
/// | anything else                                            | Unclear          |
///
/// A 5xx before the mail is about this service's credentials or the server's mood, and other mails
/// would fare no better: it is tried again.
///
/// What goes wrong is told by its kind alone: the client's and the server's messages quote
/// addresses (invariant I15).
@ApplicationScoped
public class MailServer {

    private static final Logger LOG = Logger.getLogger(MailServer.class);

    private final MailClient client;
    private final MeterRegistry metrics;
    private final String from;
    private final String domain;

    /// @param from its domain stands in the Message-ID too
    MailServer(
            MailClient client,
            MeterRegistry metrics,
            @ConfigProperty(name = "quarkus.mailer.from") String from) {
        this.client = client;
        this.metrics = metrics;
        this.from = from;
        this.domain =
                Mailbox.of(from)
                        .map(sender -> sender.address().substring(sender.address().indexOf('@')))
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "quarkus.mailer.from is to be a bare address"));
    }

    /// Never fails.
    ///
    /// @param limit after which no answer is waited for any more
    public Uni<Outcome> send(Letter letter, Duration limit) {
        var timer = Timer.start(metrics);
        return Uni.createFrom()
                .deferred(() -> send(Wording.mail(letter), limit))
                .onFailure()
                .recoverWithItem(failure -> {
                    // Only writing fails here, and it would fail again.
                    LogContext.of(
                                    letter.order().id().toString(),
                                    letter.notification().traceparent())
                            .log(() ->
                                    LOG.errorf(
                                            "Mail %s cannot be written: %s",
                                            letter.notification().id(),
                                            failure.getClass().getName()));
                    return new Refused("cannot-be-written");
                })
                .invoke(outcome ->
                        timer.stop(metrics.timer("quadrille.mail", "outcome", word(outcome))));
    }

    Uni<Outcome> send(Mail mail, Duration limit) {
        return Mailbox.of(mail.to())
                .map(recipient -> send(message(mail, recipient), limit))
                .orElseGet(() -> Uni.createFrom().item(new Refused("bad-address")));
    }

    private Uni<Outcome> send(WithdrawableMessage message, Duration limit) {
        return client.sendMail(message)
                .<Outcome>map(_ -> new Accepted())
                .ifNoItem()
                .after(limit)
                .fail()
                .onFailure()
                .recoverWithItem(failure -> outcome(failure, !message.withdraw()));
    }

    /// @param read whether the client had begun with the mail itself
    private static Outcome outcome(Throwable failure, boolean read) {
        return switch (failure) {
            case SMTPException e when e.isPermanent() && read -> new Refused(word(e));
            case SMTPException e when e.isPermanent() || e.isTransient() -> new NotSent(word(e));
            default -> read ? new Unclear() : new NotSent("no-connection");
        };
    }

    private WithdrawableMessage message(Mail mail, Mailbox recipient) {
        var message = new WithdrawableMessage();
        message.setFrom(from);
        message.setTo(recipient.address());
        message.setSubject(mail.subject());
        message.setText(mail.text());
        message.setHtml(mail.html());
        message.addHeader("Message-ID", "<" + mail.id() + domain + ">");
        // Keeps vacation replies away: https://www.rfc-editor.org/rfc/rfc3834#section-5
        message.addHeader("Auto-Submitted", "auto-generated");
        return message;
    }

    private static String word(SMTPException e) {
        return "smtp-" + e.getReplyCode();
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Accepted() -> "accepted";
            case NotSent(var error) -> error;
            case Refused(var error) -> error;
            case Unclear() -> "unclear";
        };
    }
}
