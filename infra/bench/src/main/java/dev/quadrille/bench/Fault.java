package dev.quadrille.bench;

/// Why a measurement cannot be made, in one line for people.
final class Fault extends Exception {

    private static final long serialVersionUID = 1L;

    Fault(String line) {
        super(line);
    }

    String line() {
        return String.valueOf(getMessage());
    }
}
