package dev.quadrille.contract;

/// A stock keeping unit: the name of a product that can be ordered.
public final class Sku {

    /// Letters, digits, dot, dash and underscore, 1 to 64 of them: safe in a URL, a key and a log
    /// line.
    public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private Sku() {}
}
