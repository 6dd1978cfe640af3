package dev.quadrille.delivery;

import dev.quadrille.contract.Decision;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/// Counts what the participant decided, so that ignored and contradictory inputs can be seen.
@ApplicationScoped
public class Decisions {

    private final MeterRegistry metrics;

    Decisions(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /// Counts what was decided about an input.
    public interface Counter {

        /// @param input the name of the event or command
        void count(String input, Decision<?, ?> decision);
    }

    /// Counts what a transaction decides, once it has committed: what is undone is decided again.
    public Counter in(Transaction transaction) {
        return (input, decision) -> transaction.afterCommit(() -> count(input, decision));
    }

    void count(String input, Decision<?, ?> decision) {
        switch (decision) {
            case Decision.Advance<?, ?> _ -> count(input, "advance", "");
            case Decision.Ignore<?, ?>(var reason) -> count(input, "ignore", reason);
            case Decision.Reject<?, ?>(var reason) -> count(input, "reject", reason);
        }
    }

    private void count(String input, String decision, String reason) {
        metrics.counter(
                        "quadrille.decisions",
                        "input",
                        input,
                        "decision",
                        decision,
                        "reason",
                        reason)
                .increment();
    }
}
