package dev.quadrille.delivery;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.Envelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets the events of a batch act, one after the other and in memory, on the states they concern,
/// so that what comes of a batch can be written at once.
///
/// @param <S> the participant's state
/// @param <T> the states that can be stored: all but that of what is not there
/// @param <E> what it announces
public final class Fold<S, T extends S, E extends DomainEvent> {

    /// A participant's pure decision about one event.
    public interface Decider<S, T extends S, E extends DomainEvent> {
        Decision<T, E> decide(S state, Envelope<?> event, Instant now);
    }

    /// What an event moved.
    ///
    /// @param cause the last event that moved it
    public record Moved<T>(Versioned<T> next, Envelope<?> cause) {}

    private final Map<String, Versioned<T>> states;
    private final S nothing;
    private final Decider<S, T, E> decider;
    private final Decisions.Counter counter;
    private final Instant now;
    private final Map<String, Moved<T>> moved = new LinkedHashMap<>();
    private final List<Announcement> announcements = new ArrayList<>();

    /// @param loaded the states by subject, as they are stored
    /// @param nothing the state of what is not stored
    /// @param now the time at which all is decided
    public Fold(
            Map<String, Versioned<T>> loaded,
            S nothing,
            Decider<S, T, E> decider,
            Decisions.Counter counter,
            Instant now) {
        this.states = new HashMap<>(loaded);
        this.nothing = nothing;
        this.decider = decider;
        this.counter = counter;
        this.now = now;
    }

    /// Decides about one event.
    ///
    /// @return what is announced about it
    public List<Announcement> apply(Envelope<?> event) {
        var subject = event.event().subject();
        var current = states.get(subject);
        var decision = decider.decide(current == null ? nothing : current.state(), event, now);
        counter.count(event.type().wireName(), decision);
        return switch (decision) {
            case Decision.Advance<T, E>(var state, var events) -> {
                var next = new Versioned<>(state, current == null ? 1 : current.version() + 1);
                states.put(subject, next);
                moved.put(subject, new Moved<>(next, event));
                var answers =
                        events.stream()
                                .map(answer ->
                                        Announcement.answering(event, answer, next.version(), now))
                                .toList();
                announcements.addAll(answers);
                yield answers;
            }
            case Decision.Ignore<T, E> _, Decision.Reject<T, E> _ -> List.of();
        };
    }

    /// The state of a subject as the events so far left it; null for what is not there.
    public @Nullable Versioned<T> state(String subject) {
        return states.get(subject);
    }

    /// What moved, by subject, each as the batch left it.
    public Map<String, Moved<T>> moved() {
        return moved;
    }

    /// The states that moved, each as the batch left it.
    public List<Versioned<T>> changed() {
        return moved.values().stream().map(Moved::next).toList();
    }

    /// What is announced about them, in order.
    public List<Announcement> announcements() {
        return announcements;
    }
}
