package dev.quadrille.chassis;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Answers a body that says it is too large before it is read. Quarkus' own limit stays behind it
/// for bodies that do not say; its answer has no content.
@Singleton
class BodyLimit {

    private static final int EARLY = 1_000;

    private final long maxBytes;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max) {
        this.maxBytes = max.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, EARLY);
    }

    private void check(RoutingContext request) {
        if (length(request) <= maxBytes) {
            request.next();
            return;
        }
        request.response()
                .setStatusCode(413)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(
                        new JsonObject()
                                .put("type", "/problems/body-too-large")
                                .put("title", "The body is too large")
                                .put("status", 413)
                                .put("detail", "a body may have " + maxBytes + " bytes")
                                .put("instance", request.normalizedPath())
                                .encode());
    }

    private static long length(RoutingContext request) {
        var header = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException _) {
            return 0; // Vert.x refuses it by itself
        }
    }
}
