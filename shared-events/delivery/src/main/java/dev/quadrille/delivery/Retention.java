package dev.quadrille.delivery;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What a service's inbox and outbox forget, and when, as statements of SQL: a service carries them
/// out as long as it runs ([InboxDays]), and a job for one that has been scaled to zero. Plain
/// Java, because the job knows no framework.
///
/// Days are those of UTC, and an event belongs to the day at which it happened, which is what its
/// id begins with.
public final class Retention {

    /// How long an inbox remembers unless an installation says otherwise.
    public static final String OF_INBOX = "P14D";

    /// How long an outbox that nobody relays is kept unless an installation says otherwise.
    public static final String OF_OUTBOX = "P1D";

    /// Whether this transaction is the only one that is about to do this, as `alone`: any replica
    /// and any job may, and an advisory lock keeps two from doing it at once. The number is any
    /// that nobody else locks.
    public static final String ALONE =
            "select pg_try_advisory_xact_lock(110789) as alone, set_config('lock_timeout', '1s',"
                    + " true)";

    /// The names of the inbox's partitions, as `name`.
    public static final String PARTITIONS =
            "select inhrelid::regclass::text as name from pg_inherits where inhparent ="
                    + " 'inbox'::regclass";

    static final String TABLE = "inbox";

    private static final int DAYS_AHEAD = 3;
    private static final String PREFIX = TABLE + "_";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private Retention() {}

    /// @param cutOff what happened before it is forgotten
    public record Plan(List<LocalDate> toAdd, List<LocalDate> toDrop, LocalDate cutOff) {

        public Plan {
            toAdd = List.copyOf(toAdd);
            toDrop = List.copyOf(toDrop);
        }

        /// In this order, and in the transaction that is [#ALONE].
        public List<String> statements() {
            var statements = new ArrayList<String>();
            if (!toAdd.isEmpty()) {
                // What lies in the default partition for want of its day moves to it.
                statements.add("lock table inbox_other in access exclusive mode");
            }
            toAdd.forEach(day -> statements.addAll(adding(day)));
            toDrop.forEach(day -> statements.add("drop table " + PREFIX + DAY.format(day)));
            statements.add(
                    "delete from inbox_other where event_id < '%s'".formatted(first(cutOff)));
            return statements;
        }
    }

    /// @param partitions by their names; the default one is none of a day
    /// @param retention of the inbox, in whole days
    public static Plan plan(Set<String> partitions, LocalDate today, Duration retention) {
        return plan(
                partitions.stream()
                        .filter(name -> name.matches(PREFIX + "[0-9]{8}"))
                        .map(name -> LocalDate.parse(name.substring(PREFIX.length()), DAY))
                        .toList(),
                today,
                retention.toDays());
    }

    /// A consumer that is new may begin with events as old as the retention, so the days of the
    /// past are there, too.
    private static Plan plan(List<LocalDate> existing, LocalDate today, long retentionDays) {
        // Something that happened late on a day is to be remembered for the whole retention.
        var first = today.minusDays(retentionDays + 1);
        return new Plan(
                first.datesUntil(today.plusDays(DAYS_AHEAD + 1))
                        .filter(day -> !existing.contains(day))
                        .toList(),
                existing.stream().filter(day -> day.isBefore(first)).sorted().toList(),
                first);
    }

    /// For an outbox that nobody relays: who captures its changes has had so long for it.
    public static String ofOutbox(Duration retention) {
        return "delete from outbox where time < now() - interval '%d s'"
                .formatted(retention.toSeconds());
    }

    private static List<String> adding(LocalDate day) {
        var name = PREFIX + DAY.format(day);
        var from = first(day);
        var to = first(day.plusDays(1));
        return List.of(
                "create table %s (like inbox including all)".formatted(name),
                """
                with moved as (delete from inbox_other where event_id >= '%s' and event_id < '%s' returning event_id)
                insert into %s select event_id from moved\
                """
                        .formatted(from, to, name),
                "alter table inbox attach partition %s for values from ('%s') to ('%s')"
                        .formatted(name, from, to));
    }

    /// The smallest id of a day.
    static UUID first(LocalDate day) {
        return new UUID(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << 16, 0);
    }
}
