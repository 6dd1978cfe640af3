package dev.quadrille.local;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// A stack that another launcher runs, seen and told from this process.
final class Running {

    static final int NOT_RUNNING = 3;
    private static final Duration STOP_AT_MOST = Duration.ofSeconds(90);
    private static final Duration STATE_AT_MOST = Duration.ofSeconds(5);
    private static final long POLL_MS = 50;

    private Running() {}

    /// For somebody who wanted to start a stack where one runs already.
    ///
    /// @return the exit code: 0 if it is as good as a new one
    static int describe(Home home, Console console, Command.Up wish, Duration startTimeout)
            throws InterruptedException {
        Optional<StackState> found = awaitStarted(home, startTimeout);
        if (found.isEmpty()) {
            console.fault(
                    "Another launcher holds "
                            + home.lock()
                            + " and does not say what it runs. Try again, or end it.");
            return 1;
        }
        StackState state = found.get();
        if (wish.fresh()) {
            console.fault(
                    "A stack runs in "
                            + home.folder()
                            + " already (process "
                            + state.launcherPid()
                            + "), with its data. Remedy: ./run.sh stop, then ./run.sh --fresh.");
            return 1;
        }
        Optional<Instance> missing =
                wish.instances().stream()
                        .filter(instance ->
                                instance.replica() > 1 && state.state(instance).isEmpty())
                        .findFirst();
        if (missing.isPresent()) {
            console.fault(
                    "A stack runs in %s already (process %d), without %s. Remedy: ./run.sh stop, and start it again."
                            .formatted(home.folder(), state.launcherPid(), missing.get().title()));
            return 1;
        }
        boolean well =
                state.isReady() && state.instances().allMatch(instance -> isWell(state, instance));
        console.line(
                "A stack runs in %s already (process %d)%s"
                        .formatted(
                                home.folder(),
                                state.launcherPid(),
                                well ? ":" : ", but not all of it is well: ./run.sh status."));
        state.instances()
                .forEach(instance ->
                        state.address(instance)
                                .ifPresent(address ->
                                        console.line(
                                                "  %-16s %s"
                                                        .formatted(instance.title(), address))));
        return well ? 0 : 1;
    }

    static int stop(Home home, Console console) throws InterruptedException {
        Optional<StackState> found = StackState.readEvenIfDead(home.folder());
        if (found.filter(Running::isAnyoneThere).isEmpty()) {
            console.line("Nothing runs in " + home.folder() + ".");
            return 0;
        }
        long begun = System.nanoTime();
        StackState state = found.get();
        state.launcher().kill(false);
        boolean gone = state.launcher().awaitEnd(STOP_AT_MOST);
        if (!gone) {
            // Its guardian ends the parts.
            state.launcher().kill(true);
        }
        state.guardian().awaitEnd(STOP_AT_MOST);
        console.line(
                "%s in %s."
                        .formatted(
                                gone ? "The stack has ended" : "The launcher hung and was killed",
                                Console.seconds(Duration.ofNanos(System.nanoTime() - begun))));
        return gone ? 0 : 1;
    }

    static int status(Home home, Console console) {
        Optional<StackState> found = StackState.read(home.folder());
        if (found.isEmpty()) {
            console.line("Nothing runs in " + home.folder() + ". ./run.sh starts it.");
            return NOT_RUNNING;
        }
        StackState state = found.get();
        boolean well = state.launcherState() == StackState.Phase.READY;
        Memory total = Memory.of(List.of(state.launcherPid()));
        String form = "%-16s %-9s %8s %6s %9s %9s %8s";
        console.line(
                form.formatted("PART", "STATE", "PID", "PORT", "UP", total.measure(), "RESTARTS"));
        for (Instance instance : state.instances().toList()) {
            boolean ready = state.state(instance).equals(Optional.of(PartState.READY));
            boolean answers = isWell(state, instance);
            well &= answers && ready;
            Optional<Pid> pid = state.process(instance);
            console.line(
                    form.formatted(
                            instance.title(),
                            ready && !answers
                                    ? "SILENT"
                                    : state.state(instance).map(PartState::name).orElse("-"),
                            pid.map(process -> Long.toString(process.number())).orElse("-"),
                            state.port(instance).orElse(0),
                            ready ? state.since(instance).map(Running::since).orElse("-") : "-",
                            pid.map(process -> Memory.of(List.of(process.number())).toString())
                                    .orElse("-"),
                            state.restarts(instance)));
        }
        console.line(
                "launcher: process %d, %s; whole stack: %s (%s); home: %s"
                        .formatted(
                                state.launcherPid(),
                                state.launcherState(),
                                total,
                                total.measure(),
                                home.folder()));
        return well ? 0 : 1;
    }

    /// Ends its process; its launcher starts another.
    static int restart(Home home, Instance instance, Settings settings, Console console)
            throws InterruptedException, IOException {
        Optional<StackState> found = StackState.read(home.folder());
        if (found.isEmpty()) {
            console.line("Nothing runs in " + home.folder() + ". ./run.sh starts it.");
            return NOT_RUNNING;
        }
        Optional<Pid> old = found.get().process(instance);
        if (old.isEmpty()) {
            console.fault(instance.title() + " has no process: ./run.sh status.");
            return 1;
        }
        long begun = System.nanoTime();
        Program.of(instance, settings).endSignal().send(old.get().number());
        long atMost = settings.startTimeout().plus(STOP_AT_MOST).toNanos();
        while (System.nanoTime() - begun < atMost) {
            Optional<StackState> now = StackState.read(home.folder());
            if (now.isEmpty()) {
                break;
            }
            Optional<Pid> process = now.get().process(instance);
            if (process.isPresent()
                    && !process.equals(old)
                    && now.get().state(instance).equals(Optional.of(PartState.READY))) {
                console.line(
                        "%s is ready again after %s."
                                .formatted(
                                        instance.title(),
                                        Console.seconds(
                                                Duration.ofNanos(System.nanoTime() - begun))));
                return 0;
            }
            Thread.sleep(POLL_MS);
        }
        console.fault(
                instance.title() + " did not come up again. Log: " + home.log(instance) + ".");
        return 1;
    }

    /// A guardian outlives a launcher that was killed, for as long as it ends the parts.
    private static boolean isAnyoneThere(StackState state) {
        return state.launcher().isAlive() || state.guardian().isAlive();
    }

    /// Whether it answers now, whatever its launcher thinks.
    private static boolean isWell(StackState state, Instance instance) {
        var port = state.port(instance);
        if (port.isEmpty()) {
            return false;
        }
        return switch (instance.part()) {
            case POSTGRES, KAFKA, MAIL -> Program.listens(port.getAsInt());
            case PAYMENT_SANDBOX -> Program.isWell(port.getAsInt(), JavaProgram.SANDBOX_HEALTH);
            case ORDER, INVENTORY, PAYMENT, NOTIFICATION ->
                    Program.isWell(port.getAsInt(), Service.HEALTH);
        };
    }

    /// The other launcher may only just have begun.
    private static Optional<StackState> awaitStarted(Home home, Duration startTimeout)
            throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            Optional<StackState> state = StackState.read(home.folder());
            boolean starting =
                    state.map(StackState::launcherState)
                            .filter(StackState.Phase.STARTING::equals)
                            .isPresent();
            long atMost = (starting ? startTimeout : STATE_AT_MOST).toNanos();
            if ((state.isPresent() && !starting) || System.nanoTime() - begun > atMost) {
                return state;
            }
            Thread.sleep(POLL_MS);
        }
    }

    private static String since(Instant instant) {
        Duration up = Duration.between(instant, Objects.requireNonNull(Instant.now()));
        return up.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d m", up.toHours(), up.toMinutesPart())
                : String.format(Locale.ROOT, "%d m %02d s", up.toMinutes(), up.toSecondsPart());
    }
}
