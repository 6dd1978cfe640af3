package dev.quadrille.simulation;

import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.EventType;

/// An event of one order on its way.
///
/// @param id the event's, from 0 within its order; the inbox knows it by that
/// @param sequence the version of the aggregate that it was announced with
record Message(int id, Service from, long sequence, DomainEvent event) {

    String type() {
        return EventType.of(event).wireName();
    }

    @Override
    public String toString() {
        return type() + " #" + sequence;
    }
}
