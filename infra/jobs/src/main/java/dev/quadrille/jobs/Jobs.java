package dev.quadrille.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quadrille.migrations.MigrationFault;
import dev.quadrille.migrations.Migrations;
import dev.quadrille.topics.TopicsFault;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The program: one job a call. `Jobs help` says what there is.
///
/// What it does stands on standard output, a line for each step; why it failed on standard error,
/// in one line.
public final class Jobs {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USE = 2;
    static final int NO_ANSWER = 3;

    private static final String MORE = " Jobs help lists what there is.";

    // Kept, because a logger that nobody holds forgets its level.
    private static final Logger LIBRARIES = Logger.getLogger("");

    private Jobs() {}

    public static void main(String[] arguments) throws InterruptedException {
        LIBRARIES.setLevel(Level.OFF);
        System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
    }

    static int run(
            List<String> arguments, Map<String, String> variables, PrintStream out, PrintStream err)
            throws InterruptedException {
        try {
            return run(arguments, new Environment(variables), out);
        } catch (Unfit unfit) {
            err.println(unfit.getMessage());
            return WRONG_USE;
        } catch (MigrationFault | TopicsFault fault) {
            err.println(fault.getMessage());
            return FAILED;
        } catch (SQLException e) {
            err.println(
                    "The database did not do it: "
                            + String.valueOf(e.getMessage())
                                    .strip()
                                    .replaceAll("\\s*\\R\\s*", " "));
            return FAILED;
        }
    }

    private static int run(List<String> arguments, Environment environment, PrintStream out)
            throws Unfit, MigrationFault, TopicsFault, SQLException, InterruptedException {
        if (arguments.isEmpty()) {
            throw new Unfit("There is nothing to do." + MORE);
        }
        var job = arguments.getFirst();
        var rest = arguments.subList(1, arguments.size());
        return switch (job) {
            case "migrate" -> {
                var service = service(job, rest);
                yield Migrating.run(service, environment.database(), out::println);
            }
            case "topics" -> {
                requireNone(job, rest);
                yield CreatingTopics.run(environment.topics(), environment.kafka(), out::println);
            }
            case "retain" -> {
                var service = service(job, rest);
                yield new Retaining(service, environment, InstantSource.system(), out::println)
                        .run();
            }
            case "reconcile" -> {
                requireNone(job, rest);
                yield new Reconciling(
                                environment.url("QUADRILLE_PAYMENT_URL"),
                                environment.duration(
                                        "QUADRILLE_RECONCILE_SINCE", Duration.ofHours(24)),
                                Reconciling.BETWEEN_TRIES,
                                out::println)
                        .run();
            }
            case "ready" ->
                    AwaitingReadiness.run(
                            urls(rest),
                            environment.duration("QUADRILLE_READY_WITHIN", Duration.ofMinutes(3)),
                            out::println);
            case "help", "-h", "--help" -> {
                out.print(help());
                yield DONE;
            }
            default -> throw new Unfit("There is no job '" + job + "'." + MORE);
        };
    }

    private static String service(String job, List<String> rest) throws Unfit {
        if (rest.size() != 1 || !Migrations.services().contains(rest.getFirst())) {
            throw new Unfit(
                    "%s takes one service: %s."
                            .formatted(job, String.join(", ", Migrations.services())));
        }
        return rest.getFirst();
    }

    private static void requireNone(String job, List<String> rest) throws Unfit {
        if (!rest.isEmpty()) {
            throw new Unfit(
                    "%s takes nothing more, and '%s' came.".formatted(job, rest.getFirst()));
        }
    }

    private static List<URI> urls(List<String> rest) throws Unfit {
        var urls = new ArrayList<URI>();
        for (String text : rest) {
            urls.add(AwaitingReadiness.url(text));
        }
        if (urls.isEmpty()) {
            throw new Unfit("ready takes at least one URL.");
        }
        return urls;
    }

    private static String help() {
        try (var in = Jobs.class.getResourceAsStream("help.txt")) {
            return new String(Objects.requireNonNull(in, "help.txt").readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
