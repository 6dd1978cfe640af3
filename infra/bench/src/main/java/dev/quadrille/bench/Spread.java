package dev.quadrille.bench;

import java.util.Arrays;
import java.util.List;

/// What several runs gave: the one in the middle, and how far they lie apart.
record Spread(double median, double min, double max) {

    static Spread of(List<Double> values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /// The nearest rank: the smallest value that `percent` of all do not exceed.
    ///
    /// @param percent above 0, at most 100
    static double percentile(double percent, List<Double> values) {
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("not a percentage: " + percent);
        }
        double[] sorted = sorted(values);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }

    private static double[] sorted(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
