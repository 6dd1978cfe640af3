package dev.quadrille.notification.application;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.mail.MailServer;
import dev.quadrille.notification.adapter.postgres.Correspondences;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.application.LeasedWork.Claimed;
import dev.quadrille.notification.domain.Letter;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.Notification.Sending;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Sends the mails that are due, and ends those whose sender died.
///
/// An outcome that is not stored is unknown. How a claim and an outcome are judged, and why a mail
/// is not sent again when in doubt, stands at [NotificationDecider].
@ApplicationScoped
class SendingMails {

    private final Transactions transactions;
    private final Notifications notifications;
    private final Correspondences correspondences;
    private final MovingNotifications moving;
    private final MailServer server;
    private final InstantSource clock;
    private final Duration answerLimit;
    private final Duration lease;
    private final LeasedWork<Letter> work;

    SendingMails(
            Vertx vertx,
            Transactions transactions,
            Notifications notifications,
            Correspondences correspondences,
            MovingNotifications moving,
            MailServer server,
            MailConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.notifications = notifications;
        this.correspondences = correspondences;
        this.moving = moving;
        this.server = server;
        this.clock = clock;
        this.answerLimit = config.answerLimit();
        this.lease = config.rules().lease();
        this.work =
                new LeasedWork<>(
                        "The sending of mails",
                        vertx,
                        config.atOnce(),
                        this::claim,
                        this::send,
                        letter -> letter.order().id());
    }

    /// Says that there are mails to send. From any thread.
    void wake() {
        work.wake();
    }

    void start(@Observes StartupEvent event) {
        work.wake();
    }

    /// Of a mail that does not end in time nobody will know whether it was sent.
    void stop(@Observes ShutdownEvent event) {
        work.stop();
    }

    private Uni<Claimed<Letter>> claim(int limit) {
        return transactions.run(transaction -> {
            var now = clock.instant();
            return notifications
                    .lockDue(transaction, Channel.EMAIL, now, limit)
                    .flatMap(due ->
                            due.isEmpty()
                                    ? Uni.createFrom().item(new Claimed<>(0, List.of()))
                                    : moving.move(transaction, due, _ -> new WorkDue(), now)
                                            .flatMap(moved -> letters(transaction, moved))
                                            .map(letters -> new Claimed<>(due.size(), letters)));
        });
    }

    private Uni<List<Letter>> letters(
            Transaction transaction, List<Versioned<Notification>> moved) {
        var sending =
                moved.stream()
                        .map(Versioned::state)
                        .filter(Sending.class::isInstance)
                        .map(Sending.class::cast)
                        .toList();
        return correspondences
                .find(transaction, sending.stream().map(n -> n.details().orderId()).toList())
                .map(found ->
                        sending.stream()
                                .map(n ->
                                        Letter.of(
                                                n,
                                                requireNonNull(found.get(n.details().orderId()))))
                                .toList());
    }

    private Uni<Void> send(Letter letter) {
        return server.send(letter, answerLimit)
                .flatMap(outcome -> {
                    var attempted = attempted(letter, outcome);
                    return LeasedWork.storePatiently(
                            lease,
                            () ->
                                    transactions.run(
                                            transaction -> record(transaction, letter, attempted)));
                });
    }

    private Uni<Void> record(Transaction transaction, Letter letter, Attempted attempted) {
        return notifications
                .lock(transaction, letter.notification().id())
                .flatMap(notification ->
                        moving.move(
                                transaction,
                                List.of(notification),
                                _ -> attempted,
                                clock.instant()))
                .replaceWithVoid();
    }

    private static Attempted attempted(Letter letter, Outcome outcome) {
        return new Attempted(letter.attempt(), outcome, ThreadLocalRandom.current().nextDouble());
    }
}
