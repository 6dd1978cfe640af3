package dev.quadrille.contract;

import java.util.List;

/// The answer of a participant of the saga to one input, given its state. Every participant is a
/// total function: any input in any state has one of these answers, and none of them is an
/// exception.
///
/// It stands in the contract because this is the one jar that every domain package may use.
///
/// @param <S> the participant's state
/// @param <E> what the participant announces
public sealed interface Decision<S, E extends DomainEvent> {

    /// The state moves on.
    ///
    /// @param events what is announced about it, in order; may be empty
    record Advance<S, E extends DomainEvent>(S state, List<E> events) implements Decision<S, E> {
        public Advance {
            events = List.copyOf(events);
        }
    }

    /// Nothing to do, and that is as it should be: a duplicate, or an input that came late.
    ///
    /// @param reason a fixed phrase such as `already-confirmed`; it becomes a metric's tag
    record Ignore<S, E extends DomainEvent>(String reason) implements Decision<S, E> {}

    /// The input contradicts the state: a command is refused, an event is counted as a fault of
    /// somebody's.
    ///
    /// @param reason a fixed phrase such as `already-shipped`; it becomes a metric's tag or a
    ///   problem's type
    record Reject<S, E extends DomainEvent>(String reason) implements Decision<S, E> {}

    static <S, E extends DomainEvent> Decision<S, E> advance(S state) {
        return new Advance<>(state, List.of());
    }

    static <S, E extends DomainEvent> Decision<S, E> advance(S state, E event) {
        return new Advance<>(state, List.of(event));
    }

    static <S, E extends DomainEvent> Decision<S, E> ignore(String reason) {
        return new Ignore<>(reason);
    }

    static <S, E extends DomainEvent> Decision<S, E> reject(String reason) {
        return new Reject<>(reason);
    }
}
