package dev.quadrille.contract;

import java.util.regex.Pattern;

/// What a record of the contract insists on, both when it is written and when it is read.
final class Check {

    private static final Pattern SKU = Pattern.compile(Sku.PATTERN);

    private Check() {}

    /// @throws IllegalArgumentException if it does not hold
    static void that(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    static void sku(String sku) {
        that(SKU.matcher(sku).matches(), "a sku matches " + Sku.PATTERN);
    }
}
