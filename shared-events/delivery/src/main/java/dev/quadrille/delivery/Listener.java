package dev.quadrille.delivery;

import dev.quadrille.contract.Envelope;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// What a service does with the events it listens to. Each service has one.
public interface Listener {

    /// Lets a batch have its effect: load, decide, store and announce, with a number of statements
    /// that does not grow with the batch. A failure undoes the whole transaction, and the batch
    /// comes again.
    ///
    /// @param events not seen before; those of one key in their order
    Uni<Void> on(Transaction transaction, List<Envelope<?>> events);
}
