package dev.quadrille.delivery;

/// A state and how many changes brought it there.
///
/// @param version from 1
public record Versioned<S>(S state, long version) {

    public Versioned<S> next(S nextState) {
        return new Versioned<>(nextState, version + 1);
    }
}
