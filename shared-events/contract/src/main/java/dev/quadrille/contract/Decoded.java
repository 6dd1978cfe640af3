package dev.quadrille.contract;

/// What a reader made of a Kafka record.
public sealed interface Decoded {

    /// An event of the contract.
    record Known(Envelope<?> envelope) implements Decoded {}

    /// A type that this version of the contract does not have: count it and go on.
    record UnknownType(String type) implements Decoded {}

    /// Not an event of the contract, or one that breaks its rules.
    record Unreadable(String error) implements Decoded {}
}
