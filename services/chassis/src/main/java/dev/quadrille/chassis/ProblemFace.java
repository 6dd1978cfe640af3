package dev.quadrille.chassis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.quadrille.chassis.Problem.Violation;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.core.Response.Status;
import java.net.ConnectException;
import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Gives every problem its stable type, and says of bad input where the fault is, but never what
/// stood there or which class refused it.
@ApplicationScoped
class ProblemFace implements ProblemPostProcessor {

    private static final URI NO_TYPE = URI.create("about:blank");
    private static final int RETRY_AFTER_SECONDS = 2;

    /// Before the log, which should tell what the client was told.
    private static final int PRIORITY = 1_000;

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        return faceOf(context.cause)
                .map(face -> HttpProblem.builder(face).withInstance(problem.getInstance()).build())
                .orElseGet(() -> typed(problem));
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    private static Optional<HttpProblem> faceOf(Throwable failure) {
        return causes(failure).flatMap(cause -> face(cause).stream()).findFirst();
    }

    private static Optional<HttpProblem> face(Throwable cause) {
        return switch (cause) {
            // Thrown while a parameter was read, and wrapped on the way here.
            case HttpProblem e -> Optional.of(e);
            case ConstraintViolationException e -> Optional.of(invalid(violations(e)));
            case UnrecognizedPropertyException e ->
                    Optional.of(invalid(List.of(new Violation(field(e), "is not known here"))));
            case JsonMappingException e ->
                    Optional.of(invalid(List.of(new Violation(field(e), expected(e)))));
            case JsonProcessingException e -> Optional.of(notJson(e));
            case PgException e when databaseIsAway(e) -> Optional.of(unavailable());
            case ClosedConnectionException _, ConnectException _ -> Optional.of(unavailable());
            default -> Optional.empty();
        };
    }

    private static HttpProblem invalid(List<Violation> violations) {
        return Problem.of(
                Status.BAD_REQUEST, "invalid-request", "The request is not valid", violations);
    }

    private static HttpProblem notJson(JsonProcessingException e) {
        var place = e.getLocation();
        return Problem.of(
                Status.BAD_REQUEST,
                "not-json",
                "The body is not JSON",
                place == null
                        ? "it cannot be read"
                        : "it cannot be read at line %d, column %d"
                                .formatted(place.getLineNr(), place.getColumnNr()));
    }

    private static HttpProblem unavailable() {
        return Problem.start(Status.SERVICE_UNAVAILABLE, "unavailable", "Try again later")
                .withDetail(
                        "the database cannot be reached; whether this was carried out is not"
                                + " known: send it again with the same Idempotency-Key")
                .withHeader("Retry-After", RETRY_AFTER_SECONDS)
                .build();
    }

    /// A problem that has no type yet gets one by its status.
    private static HttpProblem typed(HttpProblem problem) {
        if (problem.getType() != null && !problem.getType().equals(NO_TYPE)) {
            return problem;
        }
        var type =
                switch (problem.getStatusCode()) {
                    case 400 -> "invalid-request";
                    case 404 -> "not-found";
                    case 405 -> "method-not-allowed";
                    case 406 -> "not-acceptable";
                    case 413 -> "body-too-large";
                    case 415 -> "unsupported-media-type";
                    case 500 -> "internal-error";
                    case 503 -> "unavailable";
                    default -> "status-" + problem.getStatusCode();
                };
        return HttpProblem.builder(problem).withType(URI.create("/problems/" + type)).build();
    }

    private static List<Violation> violations(ConstraintViolationException e) {
        return e.getConstraintViolations().stream()
                .map(violation -> new Violation(field(violation), violation.getMessage()))
                .sorted(Comparator.comparing(Violation::field).thenComparing(Violation::message))
                .toList();
    }

    /// The path without the names of the Java method and its parameter, which no client knows.
    private static String field(ConstraintViolation<?> violation) {
        var nodes =
                StreamSupport.stream(violation.getPropertyPath().spliterator(), false)
                        .filter(node -> node.getKind() != ElementKind.METHOD)
                        .toList();
        boolean inBody = nodes.stream().anyMatch(node -> node.getKind() == ElementKind.PROPERTY);
        return nodes.stream()
                .filter(node -> !inBody || node.getKind() != ElementKind.PARAMETER)
                .map(Path.Node::toString)
                .collect(Collectors.joining("."));
    }

    private static String field(JsonMappingException e) {
        var field = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return field.isEmpty() ? "body" : field.toString();
    }

    private static String expected(JsonMappingException e) {
        return e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? "must be " + kind(mismatch.getTargetType())
                : "is not valid";
    }

    private static String kind(Class<?> type) {
        if (type == int.class
                || type == Integer.class
                || type == long.class
                || type == Long.class) {
            return "a whole number in range";
        }
        if (type == String.class) {
            return "a text";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type.isEnum() ? "one of its names" : "an object";
    }

    private static boolean databaseIsAway(PgException e) {
        var state = Optional.ofNullable(e.getSqlState()).orElse("");
        // Connection exception, insufficient resources, operator intervention:
        // https://www.postgresql.org/docs/18/errcodes-appendix.html
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(10);
    }
}
