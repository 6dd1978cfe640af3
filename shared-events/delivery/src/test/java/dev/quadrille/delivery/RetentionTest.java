package dev.quadrille.delivery;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-21");
    private static final Duration RETENTION = Duration.parse(Retention.OF_INBOX);

    @Test
    void anEmptyInboxGetsTheDaysOfItsRetentionAndSomeToCome() {
        var plan = Retention.plan(Set.of(), TODAY, RETENTION);

        assertThat(plan.toAdd())
                .startsWith(LocalDate.parse("2026-11-06"))
                .contains(TODAY)
                .endsWith(LocalDate.parse("2026-11-24"))
                .hasSize(19);
        assertThat(plan.toDrop()).isEmpty();
    }

    @Test
    void aDayLaterADayIsAddedAndTheOldestIsDropped() {
        var days =
                Retention.plan(Set.of(), TODAY, RETENTION).toAdd().stream()
                        .map(day -> "inbox_" + day.format(DateTimeFormatter.BASIC_ISO_DATE))
                        .collect(toCollection(TreeSet::new));
        days.add("inbox_other");

        var plan = Retention.plan(days, TODAY.plusDays(1), RETENTION);

        assertThat(plan.toAdd()).containsExactly(LocalDate.parse("2026-11-25"));
        assertThat(plan.toDrop()).containsExactly(LocalDate.parse("2026-11-06"));
        assertThat(plan.cutOff()).isEqualTo("2026-11-07");
    }

    @Test
    void nothingIsForgottenBeforeItsRetentionHasPassed() {
        var plan = Retention.plan(Set.of(), TODAY, RETENTION);
        // Happened at the first moment that is still to be remembered at the last moment of today.
        var oldest = TODAY.plusDays(1).minusDays(14);

        assertThat(plan.cutOff()).isBefore(oldest);
    }

    @Test
    void anEventBelongsToTheDayAtWhichItHappened() {
        var random = new Random(1);
        var first = Retention.first(TODAY).toString();
        var next = Retention.first(TODAY.plusDays(1)).toString();

        // PostgreSQL compares UUIDs byte by byte, as their texts compare.
        assertThat(UuidV7.at(Instant.parse("2026-11-20T23:59:59.999Z"), random).toString())
                .isLessThan(first);
        assertThat(UuidV7.at(Instant.parse("2026-11-21T00:00:00Z"), random).toString())
                .isGreaterThanOrEqualTo(first);
        assertThat(UuidV7.at(Instant.parse("2026-11-21T23:59:59.999Z"), random).toString())
                .isLessThan(next);
    }
}
