package dev.quadrille.local;

/// A part cannot start, and the message says why in words for people.
final class StartFault extends Exception {

    private static final long serialVersionUID = 1L;

    StartFault(String line) {
        super(line);
    }

    String line() {
        return String.valueOf(getMessage());
    }
}
