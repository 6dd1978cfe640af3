package dev.quadrille.local;

import java.util.Optional;

/// A part cannot start, and the message says why in words for people.
final class StartFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Optional<String> remedy;

    StartFault(String line) {
        super(line);
        remedy = Optional.empty();
    }

    /// @param remedy what helps in this very case
    StartFault(String line, String remedy) {
        super(line);
        this.remedy = Optional.of(remedy);
    }

    String line() {
        return String.valueOf(getMessage());
    }

    /// Empty if there is nothing better than what helps the part in general.
    Optional<String> remedy() {
        return remedy;
    }
}
