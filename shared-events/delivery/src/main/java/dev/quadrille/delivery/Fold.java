package dev.quadrille.delivery;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Lets the events of a batch act, one after the other and in memory, on the states they concern,
/// so that what comes of a batch can be written at once.
///
/// @param <S> the participant's state
/// @param <E> what it announces
public final class Fold<S, E extends DomainEvent> {

    /// A participant's pure decision about one event.
    public interface Decider<S, E extends DomainEvent> {
        Decision<S, E> decide(S state, Envelope<?> event);
    }

    private final Map<String, Versioned<S>> states;
    private final Supplier<S> nothing;
    private final Decider<S, E> decider;
    private final Decisions decisions;
    private final Map<String, Versioned<S>> changed = new LinkedHashMap<>();
    private final List<Announcement> announcements = new ArrayList<>();

    /// @param loaded the states by subject, as they are stored
    /// @param nothing the state of what is not stored
    public Fold(
            Map<String, Versioned<S>> loaded,
            Supplier<S> nothing,
            Decider<S, E> decider,
            Decisions decisions) {
        this.states = new HashMap<>(loaded);
        this.nothing = nothing;
        this.decider = decider;
        this.decisions = decisions;
    }

    public void apply(Envelope<?> event) {
        var subject = event.event().subject();
        var current = states.getOrDefault(subject, new Versioned<>(nothing.get(), 0));
        var decision = decider.decide(current.state(), event);
        decisions.count(event.type().wireName(), decision);
        switch (decision) {
            case Decision.Advance<S, E>(var state, var events) -> {
                var next = current.next(state);
                states.put(subject, next);
                changed.put(subject, next);
                events.forEach(announced ->
                        announcements.add(
                                Announcement.answering(event, announced, next.version())));
            }
            case Decision.Ignore<S, E> _, Decision.Reject<S, E> _ -> {}
        }
    }

    /// The states that moved, by subject, each as the batch left it.
    public Map<String, Versioned<S>> changed() {
        return changed;
    }

    /// What is announced about them, in order.
    public List<Announcement> announcements() {
        return announcements;
    }
}
