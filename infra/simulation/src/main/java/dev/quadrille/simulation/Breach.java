package dev.quadrille.simulation;

/// An invariant does not hold.
final class Breach extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    /// @param invariant its number, such as `I6`
    Breach(String invariant, String what) {
        super(invariant + ": " + what, null, false, false);
        this.invariant = invariant;
    }

    String invariant() {
        return invariant;
    }
}
