package dev.quadrille.inventory;

import dev.quadrille.contract.Envelope;
import dev.quadrille.delivery.Listener;
import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.inject.Any;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the handling of chosen orders fail, after it has written its effects.
@Decorator
@Priority(1)
class Trouble implements Listener {

    private static final Map<String, Supplier<@Nullable Throwable>> FAULTS =
            new ConcurrentHashMap<>();

    private final Listener delegate;

    Trouble(@Delegate @Any Listener delegate) {
        this.delegate = delegate;
    }

    /// @param fault called each time; null lets the event pass
    static void make(Object subject, Supplier<@Nullable Throwable> fault) {
        FAULTS.put(subject.toString(), fault);
    }

    static void mend(Object subject) {
        FAULTS.remove(subject.toString());
    }

    @Override
    public Uni<Void> on(Transaction transaction, List<Envelope<?>> events) {
        return delegate.on(transaction, events)
                .flatMap(_ -> {
                    for (var event : events) {
                        var fault = FAULTS.get(event.event().subject());
                        var failure = fault == null ? null : fault.get();
                        if (failure != null) {
                            return Uni.createFrom().failure(failure);
                        }
                    }
                    return Uni.createFrom().voidItem();
                });
    }
}
