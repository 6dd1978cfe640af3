package dev.quadrille.delivery;

import dev.quadrille.contract.Envelope;
import dev.quadrille.delivery.Received.Content;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Carries a trace through the hops: the request's is written into the outbox with what it
/// announces, goes on as the header `traceparent`, and each event that is taken in is a span of its
/// own, whose answers belong to it.
///
/// The header is that of [W3C Trace
/// Context](https://www.w3.org/TR/trace-context/#traceparent-header).
@ApplicationScoped
class Traces {

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private final Tracer tracer;

    Traces(Tracer tracer) {
        this.tracer = tracer;
    }

    /// The trace of what is going on in this thread's context, if it belongs to one.
    static @Nullable String current() {
        var context = Span.current().getSpanContext();
        return context.isValid() ? traceparent(context) : null;
    }

    /// The part of a `traceparent` that names the whole trace.
    static @Nullable String traceId(@Nullable String traceparent) {
        var context = context(traceparent);
        return context.isValid() ? context.getTraceId() : null;
    }

    /// A batch whose events are being taken in, each in a span of its own.
    ///
    /// @param batch where each event belongs to its span
    record Batch(List<Received> batch, List<Span> spans) {

        void end() {
            spans.forEach(Span::end);
        }
    }

    Batch begin(List<Received> received) {
        var batch = new ArrayList<Received>(received.size());
        var spans = new ArrayList<Span>(received.size());
        for (var next : received) {
            if (next.content() instanceof Content.Event(var envelope)) {
                var span = span(next, envelope);
                spans.add(span);
                batch.add(within(span.getSpanContext(), next, envelope));
            } else {
                batch.add(next);
            }
        }
        return new Batch(batch, spans);
    }

    private Span span(Received received, Envelope<?> envelope) {
        return tracer.spanBuilder("process " + envelope.type().wireName())
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(Context.root().with(Span.wrap(context(envelope.traceparent()))))
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", received.record().topic())
                .setAttribute("messaging.message.id", envelope.id().toString())
                .setAttribute("messaging.kafka.message.key", received.key())
                .startSpan();
    }

    private static Received within(SpanContext span, Received received, Envelope<?> envelope) {
        return span.isValid()
                ? new Received(
                        received.record(),
                        received.key(),
                        new Content.Event(
                                new Envelope<>(
                                        envelope.id(),
                                        envelope.time(),
                                        envelope.sequence(),
                                        envelope.causationId(),
                                        traceparent(span),
                                        envelope.event())))
                : received;
    }

    private static SpanContext context(@Nullable String traceparent) {
        var matcher = traceparent == null ? null : TRACEPARENT.matcher(traceparent);
        return matcher == null || !matcher.matches()
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                        matcher.group(1),
                        matcher.group(2),
                        TraceFlags.fromHex(matcher.group(3), 0),
                        TraceState.getDefault());
    }

    private static String traceparent(SpanContext context) {
        return "00-"
                + context.getTraceId()
                + '-'
                + context.getSpanId()
                + '-'
                + context.getTraceFlags().asHex();
    }
}
