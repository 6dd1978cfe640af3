package dev.quadrille.local;

/// What became of a text that a person wrote.
sealed interface Parsed<T> {

    record Good<T>(T value) implements Parsed<T> {}

    /// @param line what is wrong and what to do about it, in one line for people
    record Wrong<T>(String line) implements Parsed<T> {}
}
