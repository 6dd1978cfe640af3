package dev.quadrille.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/// Counts how often somebody tried, for the payment methods that behave only after a while. The
/// counts are forgotten with the process, and the oldest when there are too many: they are a test's
/// affair and no part of the books.
final class Attempts {

    private static final int MAX_SUBJECTS = 10_000;

    private final Map<String, Integer> counts =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > MAX_SUBJECTS;
                }
            };

    /// The number of this attempt, from 1.
    synchronized int next(TestMethod.Manner manner, String subject) {
        return counts.merge(manner + " " + subject, 1, Integer::sum);
    }
}
