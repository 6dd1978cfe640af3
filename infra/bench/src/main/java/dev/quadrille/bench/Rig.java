package dev.quadrille.bench;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.Topic;
import dev.quadrille.local.Flavour;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Sees to it that every start finds the same: databases and topics that are there, a group without
/// a member, nothing on the topics but what is to wait there.
final class Rig {

    /// What the services are called where they start together.
    static final String ALL = "all four";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MS = 20;
    private static final long PLENTY = 1_000_000_000L;

    /// So that the bench's own code is compiled when the first time is taken.
    private static final int REHEARSALS = 300;

    private final Ground ground;
    private final Map<Candidate, List<Flavour>> built;
    private final boolean coldFiles;
    private final Screen screen;
    private final Map<Candidate, String> heardOf = new EnumMap<>(Candidate.class);
    private final Set<String> rejected = new HashSet<>();
    private final Failures failures;
    private int starts;

    /// @param built what can be measured
    /// @param coldFiles whether the page cache is to be empty before each start
    Rig(Ground ground, Map<Candidate, List<Flavour>> built, boolean coldFiles, Screen screen) {
        this.ground = ground;
        this.built = built;
        this.coldFiles = coldFiles;
        this.screen = screen;
        this.failures = new Failures(screen::line);
    }

    Ground ground() {
        return ground;
    }

    Failures failures() {
        return failures;
    }

    /// Those of a service that can be measured.
    List<Flavour> flavours(Candidate service) {
        return built.getOrDefault(service, List.of()).stream()
                .filter(flavour -> !failures.isBroken(service.title(), flavour))
                .toList();
    }

    /// Those of which there is one for each of the services.
    List<Flavour> flavoursOfAll() {
        return Stream.of(Flavour.values())
                .filter(flavour -> !failures.isBroken(ALL, flavour))
                .filter(flavour ->
                        Stream.of(Candidate.values())
                                .allMatch(service -> flavours(service).contains(flavour)))
                .toList();
    }

    /// Those of a round: in turn each is the first, and the last, so that what drifts in the course
    /// of the rounds, and what one start leaves behind for the next, falls on all of them.
    static <T> List<T> inTurn(List<T> all, int round) {
        var turned = new ArrayList<>(all);
        Collections.rotate(turned, -round);
        return turned;
    }

    /// Lets the launcher start each service once: for its databases, its topics, its group, and for
    /// what is to be read later.
    void prepare(Collection<Candidate> services) throws Fault, InterruptedException {
        // The catalogue before those who have a copy of it.
        var inOrder = new ArrayList<>(services);
        if (inOrder.remove(Candidate.INVENTORY)) {
            inOrder.addFirst(Candidate.INVENTORY);
        }
        for (var service : inOrder) {
            screen.line("Preparing %s: the launcher starts it once".formatted(service.title()));
            prepare(service);
        }
    }

    private void prepare(Candidate service) throws Fault, InterruptedException {
        var broker = ground.broker();
        try (var process = ground.begin(service.title(), "").ready();
                var database = ground.database(service.title())) {
            if (service == Candidate.INVENTORY) {
                stock(process.url());
            }
            var event = events(service, 1).getFirst();
            broker.send(List.of(event).stream());
            await("the first event of " + service.title(), committed(database, idOf(event)));
            if (service == Candidate.ORDER) {
                long products = broker.end(Topic.PRODUCTS);
                await(
                        "the catalogue",
                        () -> broker.committed(service.title(), Topic.PRODUCTS) >= products);
            }
            heardOf.put(service, event.key());
            int port = process.port();
            rehearse(Question.isOpen(port));
            await("GET " + path(service), Question.isOk(port, path(service)));
            rehearse(Question.isOk(port, path(service)));
            rehearse(committed(database, idOf(event)));
            awaitRelayed(service);
        }
        for (var flavour : flavours(service)) {
            read(service, flavour);
        }
    }

    /// What a service is asked that it has to look up.
    String path(Candidate service) {
        return service.path(requireNonNull(heardOf.get(service)));
    }

    /// Whether an event has had its effect: its inbox row is committed with it.
    static Question committed(Database database, UUID event) throws Fault {
        return Question.isFound(
                database.look("select count(*) from inbox where event_id = ?", event), 1);
    }

    /// Lets new events wait for a service that does not run, and nothing else.
    ///
    /// @return their ids
    List<UUID> lay(Candidate service, int count) throws Fault, InterruptedException {
        clear(service);
        var events = events(service, count);
        ground.broker().send(events.stream());
        return events.stream().map(Rig::idOf).toList();
    }

    /// Nothing waits for it any more.
    void clear(Candidate service) throws Fault, InterruptedException {
        var broker = ground.broker();
        broker.awaitEmpty(service.title());
        for (var topic : service.topics()) {
            broker.skipToEnd(service.title(), topic);
        }
    }

    /// All that is to be done before the stopwatch runs.
    Start ready(Candidate service, Flavour flavour) throws Fault, InterruptedException {
        var process = ground.process(service, flavour);
        var builder = new ProcessBuilder(process.command()).directory(process.folder().toFile());
        builder.environment().putAll(process.environment());
        if (coldFiles) {
            PageCache.drop();
        }
        starts++;
        String name = service.title() + " as " + flavour.title();
        Path log =
                ground.folder()
                        .resolve(
                                "%s-%s-%d.log".formatted(service.title(), flavour.title(), starts));
        return new Start(name, builder, log);
    }

    /// A process that can be started.
    record Start(String name, ProcessBuilder builder, Path log) {}

    /// Waits until what a service has announced is with the broker: the next start is to have none
    /// of it.
    void awaitRelayed(Candidate service) throws Fault, InterruptedException {
        try (var database = ground.database(service.title())) {
            await(
                    "the relay of " + service.title(),
                    Question.isFound(database.look("select count(*) from outbox"), 0));
        }
    }

    /// Says once for each that a JVM did not take its AOT cache: its figures are those of a plain
    /// one.
    ///
    /// @return why; empty if it did
    Optional<String> rejection(Candidate service, Flavour flavour, Trial trial) {
        if (flavour != Flavour.AOT || trial.rejection().isEmpty()) {
            return Optional.empty();
        }
        if (rejected.add(service.title())) {
            screen.line(
                    "  NOTE: %s does not use its AOT cache: %s"
                            .formatted(service.title(), trial.rejection()));
        }
        return Optional.of(trial.rejection());
    }

    private void stock(String url) throws Fault, InterruptedException {
        try (var http = new Http(url)) {
            for (int i = 0; i < Candidate.PRODUCTS_LISTED; i++) {
                http.listProduct(Orders.sku(i));
                http.stock(Orders.sku(i), PLENTY);
            }
        }
    }

    private static List<EncodedEvent> events(Candidate service, int count) {
        var orders = new Orders(System.nanoTime(), Instant.now().minusSeconds(1));
        return service.events(orders, count).toList();
    }

    private static UUID idOf(EncodedEvent event) {
        return UUID.fromString(event.attributes().id());
    }

    private static void rehearse(Question question) throws Fault, InterruptedException {
        for (int i = 0; i < REHEARSALS; i++) {
            question.isAnswered();
        }
    }

    /// The launcher has started one of the flavours: the others' files are to be as warm.
    private void read(Candidate service, Flavour flavour) throws Fault {
        Path file = ground.artefact(service, flavour);
        try {
            Files.copy(file, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new Fault(file + " cannot be read: " + e);
        }
    }

    private static void await(String what, Question question) throws Fault, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!question.isAnswered()) {
            if (System.nanoTime() > deadline) {
                throw new Fault("%s did not come within %d s".formatted(what, LIMIT.toSeconds()));
            }
            Thread.sleep(LOOK_MS);
        }
    }
}
