package dev.quadrille.chassis;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.net.URI;
import java.util.List;

/// Problems as [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) has them, with the stable types
/// that clients rely on.
public final class Problem {

    /// One fault of the input.
    ///
    /// @param field where it is, as a path into the body such as `lines[0].quantity`, or a header's
    ///   name
    // No resource returns one, so nobody else tells the native image of it.
    @RegisterForReflection
    public record Violation(String field, String message) {}

    /// Well-formed, and still not to be done.
    public static final StatusType UNPROCESSABLE_CONTENT =
            new StatusType() {
                @Override
                public int getStatusCode() {
                    return 422;
                }

                @Override
                public Status.Family getFamily() {
                    return Status.Family.CLIENT_ERROR;
                }

                @Override
                public String getReasonPhrase() {
                    return "Unprocessable Content";
                }
            };

    private Problem() {}

    /// @param type the last part of `/problems/...`, such as `unknown-sku`
    public static HttpProblem of(StatusType status, String type, String title, String detail) {
        return start(status, type, title).withDetail(detail).build();
    }

    /// The input is well-formed, and these parts of it cannot be accepted.
    public static HttpProblem of(
            StatusType status, String type, String title, List<Violation> violations) {
        return start(status, type, title).with("violations", violations).build();
    }

    public static HttpProblem badRequest(String field, String message) {
        return of(
                Status.BAD_REQUEST,
                "invalid-request",
                "The request is not valid",
                List.of(new Violation(field, message)));
    }

    public static HttpProblem notFound(String what) {
        return of(Status.NOT_FOUND, "not-found", "Not found", what + " is not there");
    }

    /// For a problem with headers or members of its own.
    public static HttpProblem.Builder start(StatusType status, String type, String title) {
        return HttpProblem.builder()
                .withType(URI.create("/problems/" + type))
                .withStatus(status)
                .withTitle(title);
    }
}
