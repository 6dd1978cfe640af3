package dev.quadrille.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The CloudEvents attributes of an event as text, the way they stand in its headers. For whoever
/// passes an event on without reading it, such as the relay of the outbox.
public record EventAttributes(
        String id,
        String source,
        String type,
        String time,
        String subject,
        String dataSchema,
        long sequence,
        @Nullable String causationId,
        @Nullable String traceparent) {

    private static final String SPEC_VERSION = "1.0";
    private static final String CONTENT_TYPE = "application/json";

    /// The Kafka headers, in UTF-8.
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("ce_specversion", SPEC_VERSION);
        headers.put("ce_id", id);
        headers.put("ce_source", source);
        headers.put("ce_type", type);
        headers.put("ce_time", time);
        headers.put("ce_subject", subject);
        headers.put("ce_dataschema", dataSchema);
        headers.put("ce_sequence", Long.toString(sequence));
        if (causationId != null) {
            headers.put("ce_causationid", causationId);
        }
        if (traceparent != null) {
            headers.put("traceparent", traceparent);
        }
        headers.put("content-type", CONTENT_TYPE);
        return headers;
    }
}
