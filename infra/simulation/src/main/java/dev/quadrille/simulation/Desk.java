package dev.quadrille.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a service keeps for one order to receive and to send events: inbox, parked events, outbox;
/// its topic; and how far it has read the topics of others.
final class Desk {

    /// Announced and not published, in order.
    final List<Message> outbox;

    /// Published, in order; one may stand there more than once.
    final List<Message> topic;

    /// Set aside, and what came for the order after that, in order.
    final List<Message> parked;

    /// What has had its effect here, in the order in which it did.
    final List<Message> handled;

    /// The next record to read of each service's topic.
    private final Map<Service, Integer> positions;

    /// A bit for each id.
    private long inbox;

    Desk() {
        outbox = new ArrayList<>(4);
        topic = new ArrayList<>(8);
        parked = new ArrayList<>(0);
        handled = new ArrayList<>(8);
        positions = new EnumMap<>(Service.class);
    }

    Desk(Desk other) {
        outbox = new ArrayList<>(other.outbox);
        topic = new ArrayList<>(other.topic);
        parked = new ArrayList<>(other.parked);
        handled = new ArrayList<>(other.handled);
        positions = new EnumMap<>(other.positions);
        inbox = other.inbox;
    }

    int position(Service from) {
        return positions.getOrDefault(from, 0);
    }

    void advance(Service from) {
        positions.merge(from, 1, Integer::sum);
    }

    /// Whether the event was not noted before.
    boolean note(Message message) {
        if (message.id() >= Long.SIZE) {
            throw new IllegalStateException("an order has fewer than 64 events");
        }
        boolean fresh = (inbox & 1L << message.id()) == 0;
        inbox |= 1L << message.id();
        return fresh;
    }
}
