package dev.quadrille.bench;

import java.util.List;

/// One run in which many things that waited were worked off.
///
/// @param count how many, between the first look at which some were done and the last
/// @param seconds between those
/// @param perSecondLater of the second half, when the JVM is warm
/// @param used between those
/// @param countLater how many in the second half, and
/// @param usedLater what they took
/// @param answeredSeconds until the answers were on their topic too; equal to `seconds` where there
///   are none
/// @param commitsPerItem the database's, from the service's start to its end
/// @param walBytesPerItem PostgreSQL's, likewise
/// @param loadBefore load average before the run
/// @param remarks what was not as it should be
record Drain(
        long count,
        double seconds,
        double perSecond,
        double perSecondLater,
        Used used,
        long countLater,
        Used usedLater,
        double answeredSeconds,
        double commitsPerItem,
        double walBytesPerItem,
        double loadBefore,
        List<String> remarks) {

    double serviceMsPerItem() {
        return (double) used.service() / count;
    }

    double postgresMsPerItem() {
        return (double) used.postgres() / count;
    }

    double kafkaMsPerItem() {
        return (double) used.kafka() / count;
    }

    double serviceMsPerItemLater() {
        return (double) usedLater.service() / countLater;
    }

    /// What all cores could do at the second half's cost if nothing ever waited and nobody else was
    /// there. Other programs on the machine disturb it much less than the measured rate.
    double ceilingPerSecond() {
        return usedLater.cores()
                * 1000.0
                * countLater
                / Math.max(1, usedLater.service() + usedLater.postgres() + usedLater.kafka());
    }

    /// The heads of [#cells].
    static Table table(String what) {
        return new Table(
                what,
                "per s",
                "later per s",
                "wall s",
                "service ms",
                "later",
                "PostgreSQL ms",
                "Kafka ms",
                "CPU allows",
                "commits",
                "WAL bytes",
                "others' CPU",
                "load");
    }

    List<String> cells(String name) {
        return List.of(
                name,
                Table.number(perSecond),
                Table.number(perSecondLater),
                Table.number(seconds),
                Table.number(serviceMsPerItem()),
                Table.number(serviceMsPerItemLater()),
                Table.number(postgresMsPerItem()),
                Table.number(kafkaMsPerItem()),
                Table.number(ceilingPerSecond()),
                Table.number(commitsPerItem),
                Table.number(walBytesPerItem),
                "%.0f %%".formatted(used.share(used.others()) * 100),
                "%.2f".formatted(loadBefore));
    }
}
