package dev.quadrille.bench;

import dev.quadrille.local.Flavour;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One figure of one thing, flavour beside flavour.
///
/// @param subject whose: a service, or all of them
/// @param figure what, with its unit
/// @param values by flavour, in the order of the runs
record Comparison(String subject, String figure, Map<Flavour, List<Double>> values) {

    /// What the runs of one flavour gave.
    ///
    /// @param ofJvm the median as a part of the plain JVM's, where that was measured beside it
    record Summary(
            String subject,
            String figure,
            Flavour flavour,
            double p50,
            double p99,
            double min,
            double max,
            int runs,
            Optional<Double> ofJvm) {}

    List<Summary> summaries() {
        var summaries = new ArrayList<Summary>();
        for (var flavour : Flavour.values()) {
            var measured = values.getOrDefault(flavour, List.of());
            if (!measured.isEmpty()) {
                var spread = Spread.of(measured);
                summaries.add(
                        new Summary(
                                subject,
                                figure,
                                flavour,
                                spread.median(),
                                Spread.percentile(99, measured),
                                spread.min(),
                                spread.max(),
                                measured.size(),
                                ofJvm(flavour, spread.median())));
            }
        }
        return summaries;
    }

    private Optional<Double> ofJvm(Flavour flavour, double median) {
        var plain = values.getOrDefault(Flavour.JVM, List.of());
        if (flavour == Flavour.JVM || plain.isEmpty()) {
            return Optional.empty();
        }
        double jvm = Spread.of(plain).median();
        return jvm == 0 ? Optional.empty() : Optional.of(median / jvm);
    }

    /// A row for each figure and flavour.
    static Table table(String what, List<Comparison> comparisons) {
        var table = new Table(what, "", "p50", "p99", "min", "max", "n", "of jvm");
        for (var comparison : comparisons) {
            String figure = comparison.figure();
            for (var summary : comparison.summaries()) {
                table.row(
                        List.of(
                                figure,
                                summary.flavour().title(),
                                Table.number(summary.p50()),
                                Table.number(summary.p99()),
                                Table.number(summary.min()),
                                Table.number(summary.max()),
                                Integer.toString(summary.runs()),
                                summary.ofJvm().map("%.2f"::formatted).orElse("")));
                figure = "";
            }
        }
        return table;
    }
}
