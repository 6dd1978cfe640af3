package dev.quadrille.sandbox;

/// What a record insists on, both when it is made and when it comes back from the journal.
final class Check {

    private Check() {}

    /// @throws IllegalArgumentException if it does not hold
    static void that(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
