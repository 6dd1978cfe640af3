package dev.quadrille.delivery;

/// Somebody else changed a row between our reading and our writing it. Nothing was stored; deciding
/// again on the fresh state is safe.
public final class StaleStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleStateException(int expectedRows, int touchedRows) {
        super("expected to change " + expectedRows + " rows, changed " + touchedRows);
    }
}
