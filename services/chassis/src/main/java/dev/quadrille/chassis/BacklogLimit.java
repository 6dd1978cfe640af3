package dev.quadrille.chassis;

import dev.quadrille.delivery.Backlog;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Refuses what would have to be announced while too much waits for the broker already. What was
/// accepted before is safe; whoever comes back later is served.
class BacklogLimit {

    private static final Set<String> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String OPERATIONS = "/v1/ops/";
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Backlog backlog;

    BacklogLimit(Backlog backlog) {
        this.backlog = backlog;
    }

    @ServerRequestFilter
    Optional<Response> check(ContainerRequestContext request) {
        boolean refused =
                backlog.isFull()
                        && !READING.contains(request.getMethod())
                        && !request.getUriInfo().getPath().startsWith(OPERATIONS);
        // Not thrown: a line in the log for each refused request would help nobody.
        return refused ? Optional.of(full(request)) : Optional.empty();
    }

    private static Response full(ContainerRequestContext request) {
        return Problem.start(
                        Status.SERVICE_UNAVAILABLE,
                        "backlog-full",
                        "Too many events wait for the broker")
                .withDetail("send the same request again in " + RETRY_AFTER_SECONDS + " s")
                .withInstance(URI.create(request.getUriInfo().getPath()))
                .withHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS))
                .build()
                .toResponse();
    }
}
