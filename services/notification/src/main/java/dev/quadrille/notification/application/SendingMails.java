package dev.quadrille.notification.application;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.notification.adapter.mail.MailServer;
import dev.quadrille.notification.adapter.postgres.Correspondences;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.domain.Letter;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.Notification.Sending;
import dev.quadrille.notification.domain.NotificationDecider;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.DeliveriesEnded;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.notification.domain.SendingRules;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Sends the mails that are due, and ends those whose sender died. What is to be done lies in the
/// table, so it survives a restart, and whichever replica locks a row takes it on.
///
/// A round claims as many mails as may still be sent at once and begins with them; it does not wait
/// for their outcomes, so a slow mail holds up no other. Each outcome is stored as soon as it is
/// known, in a transaction of its own, because a crash before that makes it unknown. How a claim
/// and an outcome are judged, and why a mail is not sent again when in doubt, stands at
/// [NotificationDecider].
@ApplicationScoped
class SendingMails {

    private static final Logger LOG = Logger.getLogger(SendingMails.class);

    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);
    private static final Duration MIN_RETRY = Duration.ofMillis(50);
    private static final Duration MAX_RETRY = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final Notifications notifications;
    private final Correspondences correspondences;
    private final MailServer server;
    private final Decisions decisions;
    private final InstantSource clock;
    private final SendingRules rules;
    private final Duration answerLimit;
    private final int atOnce;
    private final Semaphore free;
    private final WorkLoop loop;

    SendingMails(
            Vertx vertx,
            Transactions transactions,
            Notifications notifications,
            Correspondences correspondences,
            MailServer server,
            Decisions decisions,
            MailConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.notifications = notifications;
        this.correspondences = correspondences;
        this.server = server;
        this.decisions = decisions;
        this.clock = clock;
        this.rules = config.rules();
        this.answerLimit = config.answerLimit();
        this.atOnce = config.atOnce();
        this.free = new Semaphore(atOnce);
        this.loop = new WorkLoop("The sending of mails", vertx, MAX_PAUSE, this::beginSome);
    }

    /// Says that there are mails to send. From any thread.
    void wake() {
        loop.wake();
    }

    void start(@Observes StartupEvent event) {
        loop.wake();
    }

    /// Gives the mails under way a moment to end, because of one that does not nobody will know
    /// whether it was sent.
    void stop(@Observes ShutdownEvent event) {
        loop.stop();
        try {
            if (!free.tryAcquire(atOnce, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf(
                        "%d mails were still under way after %s",
                        atOnce - free.availablePermits(), STOP_LIMIT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One round. What it took of the permits and does not need goes back.
    private Uni<Integer> beginSome() {
        int limit = free.drainPermits();
        return limit == 0
                ? Uni.createFrom().item(0)
                : transactions
                        .run(transaction -> claim(transaction, limit))
                        .onFailure()
                        .invoke(() -> free.release(limit))
                        .invoke(claimed -> {
                            free.release(limit - claimed.letters().size());
                            claimed.letters().forEach(this::send);
                        })
                        .map(Claimed::rows);
    }

    private Uni<Claimed> claim(Transaction transaction, int limit) {
        var now = clock.instant();
        return notifications
                .lockDue(transaction, Channel.EMAIL, now, limit)
                .flatMap(due -> claim(transaction, due, now));
    }

    private Uni<Claimed> claim(
            Transaction transaction, List<Versioned<Notification>> due, Instant now) {
        if (due.isEmpty()) {
            return Uni.createFrom().item(new Claimed(0, List.of()));
        }
        var moved = new ArrayList<Versioned<Notification>>(due.size());
        var announcements = new ArrayList<Announcement>();
        for (var notification : due) {
            decide(transaction, notification, new WorkDue(), now, moved, announcements);
        }
        return store(transaction, moved, announcements, now)
                .chain(() -> letters(transaction, moved))
                .map(letters -> new Claimed(due.size(), letters));
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

    private void send(Letter letter) {
        server.send(letter, answerLimit)
                .flatMap(outcome -> record(letter, outcome))
                .subscribe()
                .with(
                        _ -> ended(),
                        failure -> {
                            LOG.errorf(
                                    "The outcome of mail %s could not be stored: %s",
                                    letter.notification().id(), failure.getClass().getName());
                            ended();
                        });
    }

    private void ended() {
        free.release();
        loop.wake();
    }

    /// Tries until the lease is over: then the outcome counts as unknown, and somebody else has
    /// stored that.
    private Uni<Void> record(Letter letter, Outcome outcome) {
        var attempted =
                new Attempted(letter.attempt(), outcome, ThreadLocalRandom.current().nextDouble());
        return Uni.createFrom()
                .deferred(() ->
                        transactions.run(transaction -> record(transaction, letter, attempted)))
                .onFailure()
                .retry()
                .withBackOff(MIN_RETRY, MAX_RETRY)
                .expireIn(rules.lease().toMillis());
    }

    private Uni<Void> record(Transaction transaction, Letter letter, Attempted attempted) {
        var now = clock.instant();
        return notifications
                .lock(transaction, letter.notification().id())
                .flatMap(notification -> {
                    var moved = new ArrayList<Versioned<Notification>>(1);
                    var announcements = new ArrayList<Announcement>(1);
                    decide(transaction, notification, attempted, now, moved, announcements);
                    return store(transaction, moved, announcements, now);
                });
    }

    private void decide(
            Transaction transaction,
            Versioned<Notification> notification,
            NotificationInput input,
            Instant now,
            List<Versioned<Notification>> moved,
            List<Announcement> announcements) {
        var decision = NotificationDecider.decide(notification.state(), input, rules, now);
        decisions.in(transaction).count(name(input), decision);
        if (decision instanceof Advance<Notification, NotificationEvent>(var state, var events)) {
            var next = notification.next(state);
            var details = state.details();
            moved.add(next);
            for (var event : events) {
                tell(event);
                announcements.add(
                        new Announcement(
                                event,
                                next.version(),
                                now,
                                details.causationId(),
                                details.traceparent()));
            }
        }
    }

    private Uni<Void> store(
            Transaction transaction,
            List<Versioned<Notification>> moved,
            List<Announcement> announcements,
            Instant now) {
        return notifications
                .update(transaction, moved, now)
                .chain(() -> transaction.announce(announcements));
    }

    private static void tell(NotificationEvent event) {
        switch (event) {
            case NotificationSent _ -> {}
            case NotificationFailed(var orderId, var id, var kind, _, var error) ->
                    LOG.warnf(
                            "Notification %s (%s of order %s) failed: %s",
                            id, kind, orderId, error);
        }
    }

    /// As it is counted.
    private static String name(NotificationInput input) {
        return switch (input) {
            case WorkDue() -> "work-due";
            case Attempted(_, var outcome, _) ->
                    switch (outcome) {
                        case Outcome.Accepted() -> "mail-accepted";
                        case Outcome.NotSent _ -> "mail-not-sent";
                        case Outcome.Refused _ -> "mail-refused";
                        case Outcome.Unclear() -> "mail-unclear";
                    };
            case DeliveriesEnded _ -> "deliveries-ended";
        };
    }

    /// @param rows how many notifications something was done about
    private record Claimed(int rows, List<Letter> letters) {}
}
