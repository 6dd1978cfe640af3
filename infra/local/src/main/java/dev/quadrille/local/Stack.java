package dev.quadrille.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A stack from its start to its end, in the process of its launcher.
final class Stack {

    private static final Duration LEFTOVERS_AT_MOST = Duration.ofSeconds(15);
    private static final Duration END_AT_MOST = Duration.ofSeconds(15);

    /// Who records writes a cache as it ends.
    private static final Duration WRITE_AT_MOST = Duration.ofMinutes(5);

    private static final Duration BETWEEN_TRIMS = Duration.ofSeconds(30);

    /// Why a stack ends.
    private sealed interface Ending {

        /// @param reason for people
        record Asked(String reason) implements Ending {}

        record Failed(String line) implements Ending {}
    }

    private final Command.Up wish;
    private final Settings settings;
    private final Console console;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final CompletableFuture<Void> hastened = new CompletableFuture<>();
    private final List<Keeper> keepers = new ArrayList<>();
    private StackState.Phase phase = StackState.Phase.STARTING;
    private long guardianPid;

    Stack(Command.Up wish, Settings settings, Console console) {
        this.wish = wish;
        this.settings = settings;
        this.console = console;
    }

    /// @return the exit code
    int run() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Home home = settings.home();
        Files.createDirectories(home.folder());
        try (var channel =
                        FileChannel.open(
                                home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return Running.describe(home, console, wish, settings.startTimeout());
            }
            if (!Detached.isThisProcess()) {
                var log = new LogFile(home.launcherLog());
                log.begin();
                console.copyTo(log.path());
            }
            awaitLeftovers(home);
            if (wish.fresh()) {
                Folders.delete(home.data());
            }
            Files.createDirectories(home.data());
            Optional<String> taken = takenPort();
            if (taken.isPresent()) {
                console.fault(taken.get());
                return 1;
            }
            for (Instance instance : wish.instances()) {
                new LogFile(home.log(instance)).begin();
            }
            try (Guardian guardian = Guardian.start()) {
                return runGuarded(guardian, begun);
            } finally {
                StackState.delete(home.folder());
            }
        }
    }

    private int runGuarded(Guardian guardian, long begun) throws IOException, InterruptedException {
        guardianPid = guardian.pid();
        Interrupts.each(this::interrupted);
        wish.ownerPid().ifPresent(this::endWith);
        wish.instances().stream()
                .map(instance -> Program.of(instance, settings))
                .map(program -> new Keeper(program, settings, guardian, console, this::publish))
                .forEach(keepers::add);
        tellOfMissingImages();
        publish();
        var up = beginAll(guardian);
        CompletableFuture.anyOf(up.exceptionally(_ -> null), ending).join();
        boolean wasReady = !ending.isDone() && !up.isCompletedExceptionally();
        if (wasReady) {
            announce(begun);
            phase(StackState.Phase.READY);
        }
        Ending end = awaitEnding();
        phase(StackState.Phase.STOPPING);
        int exit =
                switch (end) {
                    case Ending.Asked(var reason) -> {
                        console.line(reason + ": ending the stack.");
                        yield wasReady ? 0 : 1;
                    }
                    case Ending.Failed(var line) -> {
                        console.fault(line);
                        yield 1;
                    }
                };
        endAll();
        return exit;
    }

    /// Who asks for native images and gets jars is to know it.
    private void tellOfMissingImages() {
        if (settings.flavour() != Flavour.NATIVE) {
            return;
        }
        var missing =
                wish.parts().stream()
                        .filter(Part::isService)
                        .map(Part::title)
                        .filter(service ->
                                Flavour.NATIVE.artefact(settings.root(), service).isEmpty())
                        .sorted()
                        .toList();
        if (!missing.isEmpty()) {
            console.line(
                    "No native image of %s: the jars run instead. ./native-build.sh builds them."
                            .formatted(String.join(", ", missing)));
        }
    }

    private CompletableFuture<Void> beginAll(Guardian guardian) {
        // The databases are brought up to date while Kafka still starts.
        CompletableFuture<?> migrated =
                ready(Part.POSTGRES)
                        .thenRunAsync(() -> migrate(guardian), Thread::startVirtualThread);
        CompletableFuture<?> ground = CompletableFuture.allOf(migrated, ready(Part.KAFKA));
        endIfItFails(migrated);
        for (Keeper keeper : keepers) {
            endIfItFails(keeper.ready());
            keeper.begin(
                    keeper.part().isService() ? ground : CompletableFuture.completedFuture(null));
        }
        return CompletableFuture.allOf(
                migrated,
                CompletableFuture.allOf(
                        keepers.stream().map(Keeper::ready).toArray(CompletableFuture<?>[]::new)));
    }

    /// At once if it is no part of this stack.
    private CompletableFuture<?> ready(Part part) {
        return CompletableFuture.allOf(
                keepers.stream()
                        .filter(keeper -> keeper.part() == part)
                        .map(Keeper::ready)
                        .toArray(CompletableFuture<?>[]::new));
    }

    private void migrate(Guardian guardian) {
        List<String> services = Migrating.services(wish, settings);
        if (services.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        try {
            Migrating.run(services, settings, guardian);
        } catch (StartFault | IOException fault) {
            throw new CompletionException(fault);
        } catch (InterruptedException e) {
            throw new CancellationException();
        }
        console.line(
                "  %-16s ready in %6s"
                        .formatted(
                                "migrations",
                                Console.seconds(Duration.ofNanos(System.nanoTime() - begun))));
    }

    private void endIfItFails(CompletableFuture<?> ready) {
        var _ =
                ready.exceptionally(fault -> {
                    ending.complete(new Ending.Failed(lineOf(fault)));
                    return null;
                });
    }

    private static String lineOf(Throwable fault) {
        Throwable cause = fault.getCause() == null ? fault : fault.getCause();
        return fault instanceof StartFault start
                ? start.line()
                : String.valueOf(cause.getMessage());
    }

    private void announce(long begun) {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        Memory memory = Memory.of(List.of(ProcessHandle.current().pid()));
        console.line("");
        for (Keeper keeper : keepers) {
            console.line("  %-16s %s".formatted(keeper.instance().title(), keeper.address()));
        }
        console.line("");
        console.line(
                "Ready in %s. Resident memory of the whole stack: %s (%s)."
                        .formatted(Console.seconds(took), memory, memory.measure()));
        console.line("./run.sh stop or Ctrl-C ends it; ./run.sh status and logs tell more.");
    }

    private Ending awaitEnding() throws InterruptedException {
        while (true) {
            try {
                return ending.get(BETWEEN_TRIMS.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                trimLogs();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void trimLogs() {
        for (Keeper keeper : keepers) {
            try {
                new LogFile(settings.home().log(keeper.instance())).trim();
            } catch (IOException e) {
                console.fault("The log of " + keeper.instance().title() + " cannot be cut: " + e);
            }
        }
    }

    private void interrupted() {
        if (!ending.complete(new Ending.Asked("Asked to end")) && hastened.complete(null)) {
            console.line("Again: killing what is left.");
        }
    }

    private void endWith(long ownerPid) {
        Optional<ProcessHandle> owner = ProcessHandle.of(ownerPid).filter(ProcessHandle::isAlive);
        String reason = "Process " + ownerPid + ", the owner, is gone";
        if (owner.isEmpty()) {
            ending.complete(new Ending.Asked(reason));
            return;
        }
        var _ = owner.get().onExit().thenRun(() -> ending.complete(new Ending.Asked(reason)));
    }

    /// The services first, that they can say their last to the others; PostgreSQL last.
    private void endAll() throws InterruptedException {
        endTogether(keepers.stream().filter(keeper -> keeper.part().isService()).toList());
        endTogether(
                keepers.stream()
                        .filter(keeper ->
                                keeper.part() == Part.MAIL || keeper.part() == Part.PAYMENT_SANDBOX)
                        .toList());
        endTogether(keepers.stream().filter(keeper -> keeper.part() == Part.KAFKA).toList());
        endTogether(keepers.stream().filter(keeper -> keeper.part() == Part.POSTGRES).toList());
    }

    private void endTogether(List<Keeper> some) throws InterruptedException {
        long begun = System.nanoTime();
        some.forEach(Keeper::end);
        for (Keeper keeper : some) {
            boolean gone = false;
            while (!gone
                    && !hastened.isDone()
                    && System.nanoTime() - begun < endAtMost().toNanos()) {
                gone = keeper.awaitEnd(Duration.ofMillis(50));
            }
            if (!gone) {
                keeper.kill();
                keeper.awaitEnd(Duration.ofSeconds(5));
            }
            keeper.ended();
            console.line(
                    "  %-16s %s in %s"
                            .formatted(
                                    keeper.instance().title(),
                                    gone ? "ended" : "killed",
                                    Console.seconds(Duration.ofNanos(System.nanoTime() - begun))));
        }
    }

    private Duration endAtMost() {
        return settings.records() ? WRITE_AT_MOST : END_AT_MOST;
    }

    /// A launcher that was killed leaves its parts to its guardian, which needs a moment; and if
    /// that was killed too, they are still there.
    private void awaitLeftovers(Home home) throws InterruptedException, IOException {
        Optional<StackState> old = StackState.readEvenIfDead(home.folder());
        if (old.isEmpty()) {
            return;
        }
        if (old.get().guardian().isAlive()) {
            console.line("The stack that ran here was killed; waiting for its parts to end.");
            old.get().guardian().awaitEnd(LEFTOVERS_AT_MOST);
        }
        List<Pid> left =
                Instance.all().flatMap(instance -> old.get().process(instance).stream()).toList();
        for (Pid pid : left) {
            pid.kill(true);
        }
        for (Pid pid : left) {
            pid.awaitEnd(Duration.ofSeconds(5));
        }
        StackState.delete(home.folder());
    }

    private Optional<String> takenPort() {
        for (Instance instance : wish.instances()) {
            Optional<String> taken =
                    taken(instance, Port.of(instance.part()), settings.port(instance));
            if (taken.isPresent()) {
                return taken;
            }
        }
        return Stream.of(Port.values())
                .filter(port -> wish.parts().contains(port.part()) && !port.isMain())
                .flatMap(port ->
                        taken(Instance.first(port.part()), port, settings.port(port)).stream())
                .findFirst();
    }

    private static Optional<String> taken(Instance instance, Port port, int number) {
        if (!Ports.isTaken(number)) {
            return Optional.empty();
        }
        String holder = Ports.holder(number).map(who -> " by " + who).orElse(" by another program");
        String remedy =
                instance.replica() == 1
                        ? "set %s to a port that is free".formatted(port.variable())
                        : "set %s, from which it follows, to another".formatted(port.variable());
        return Optional.of(
                "%s cannot start: port %d is taken%s. Remedy: end that program, or %s."
                        .formatted(instance.title(), number, holder, remedy));
    }

    private void phase(StackState.Phase next) {
        synchronized (this) {
            phase = next;
        }
        publish();
    }

    /// Writes the state file anew.
    private synchronized void publish() {
        var properties = new Properties();
        put(properties, "launcher", ProcessHandle.current().pid());
        put(properties, "guardian", guardianPid);
        properties.setProperty("launcher.state", phase.name());
        properties.setProperty("home", settings.home().folder().toString());
        for (Keeper keeper : keepers) {
            String title = keeper.instance().title();
            Keeper.View view = keeper.view();
            view.pid().ifPresent(pid -> put(properties, title, pid));
            properties.setProperty(title + ".state", view.state().name());
            properties.setProperty(title + ".restarts", Integer.toString(view.restarts()));
            properties.setProperty(title + ".since", view.since().toString());
            properties.setProperty(
                    title + ".log", settings.home().log(keeper.instance()).toString());
            properties.setProperty(title + ".address", keeper.address());
            properties.setProperty(
                    title + ".port", Integer.toString(settings.port(keeper.instance())));
        }
        for (Port port : Port.values()) {
            if (wish.parts().contains(port.part()) && !port.isMain()) {
                properties.setProperty(port.key(), Integer.toString(settings.port(port)));
            }
        }
        try {
            StackState.write(settings.home().folder(), properties);
        } catch (IOException e) {
            console.fault("The state file cannot be written: " + e);
        }
    }

    private static void put(Properties properties, String who, long pid) {
        properties.setProperty(who + ".pid", Long.toString(pid));
        Pid.of(pid).ifPresent(found -> properties.setProperty(who + ".birth", found.birth()));
    }
}
