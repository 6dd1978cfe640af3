package dev.quadrille.sandbox;

/// A constant that has a name on the wire and in the journal, whatever it is called in the code.
interface Named {
    String wire();
}
