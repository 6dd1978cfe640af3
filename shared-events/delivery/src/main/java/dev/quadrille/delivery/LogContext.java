package dev.quadrille.delivery;

import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/// What a log line is about, as fields of its JSON: `orderId` and `traceId`.
public final class LogContext {

    private static final String ORDER_ID = "orderId";
    private static final String TRACE_ID = "traceId";

    private final String orderId;
    private final @Nullable String traceId;

    private LogContext(String orderId, @Nullable String traceId) {
        this.orderId = orderId;
        this.traceId = traceId;
    }

    public static LogContext of(String orderId, @Nullable String traceparent) {
        return new LogContext(orderId, Traces.traceId(traceparent));
    }

    /// Runs what writes the line, and nothing else.
    public void log(Runnable line) {
        var outerTraceId = MDC.get(TRACE_ID);
        MDC.put(ORDER_ID, orderId);
        if (traceId != null) {
            MDC.put(TRACE_ID, traceId);
        }
        try {
            line.run();
        } finally {
            MDC.remove(ORDER_ID);
            if (outerTraceId != null) {
                MDC.put(TRACE_ID, outerTraceId);
            } else {
                MDC.remove(TRACE_ID);
            }
        }
    }
}
