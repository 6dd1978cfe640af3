package dev.quadrille.contract;

import java.util.regex.Pattern;

/// What a record of the contract insists on, both when it is written and when it is read.
final class Check {

    private static final Pattern SKU = Pattern.compile(Sku.PATTERN);

    private Check() {}

    /// @param rule a fixed phrase, never the data
    /// @throws Broken if it does not hold
    static void that(boolean holds, String rule) {
        if (!holds) {
            throw new Broken(rule);
        }
    }

    static void sku(String sku) {
        that(SKU.matcher(sku).matches(), "a sku matches " + Sku.PATTERN);
    }

    /// A rule that does not hold. A type of its own, because of all exceptions that a reader meets
    /// only this one's message is sure to hold no data and may be shown.
    static final class Broken extends IllegalArgumentException {
        Broken(String rule) {
            super(rule);
        }
    }
}
