package dev.quadrille.local;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps one process running, in a thread of its own: starts it, waits until it is ready, and
/// starts it again when it ends, until the stack ends. [PartState] has the transitions.
final class Keeper {

    private static final long POLL_MS = 50;
    private static final int TERMINATED = 143;

    private final Program program;
    private final Settings settings;
    private final Guardian guardian;
    private final Console console;
    private final Runnable changed;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private PartState state = PartState.WAITING;
    private @Nullable Process process;
    private @Nullable Thread thread;
    private Instant since = Instant.EPOCH;
    private int restarts;
    private boolean ending;

    /// @param changed called whenever [#view] gives something new
    Keeper(
            Program program,
            Settings settings,
            Guardian guardian,
            Console console,
            Runnable changed) {
        this.program = program;
        this.settings = settings;
        this.guardian = guardian;
        this.console = console;
        this.changed = changed;
    }

    /// @param pid empty while there is no process
    record View(PartState state, Optional<Long> pid, Instant since, int restarts) {}

    Instance instance() {
        return program.instance();
    }

    Part part() {
        return instance().part();
    }

    private String title() {
        return instance().title();
    }

    String address() {
        return program.address();
    }

    synchronized View view() {
        return new View(
                state,
                Optional.ofNullable(process).filter(Process::isAlive).map(Process::pid),
                since,
                restarts);
    }

    /// Completed when the part was ready for the first time, or with a [StartFault] when it will
    /// never be.
    CompletableFuture<Void> ready() {
        return ready;
    }

    /// @param needs what must be ready before this part starts
    synchronized void begin(CompletableFuture<?> needs) {
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("keeper of " + title())
                        .start(() -> {
                            try {
                                needs.join();
                            } catch (RuntimeException e) {
                                // The part that is missing has said why.
                                return;
                            }
                            keep();
                        });
    }

    /// Asks the process to end, and lets nothing start any more.
    void end() {
        Process toEnd;
        Thread toWake;
        synchronized (this) {
            ending = true;
            toEnd = process;
            toWake = thread;
        }
        if (toWake != null) {
            toWake.interrupt();
        }
        if (toEnd != null && toEnd.isAlive()) {
            try {
                program.endSignal().send(toEnd.pid());
            } catch (IOException e) {
                toEnd.destroy();
            }
        }
    }

    /// @return whether it is gone
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        Process last = last();
        return last == null || last.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    void kill() {
        Process last = last();
        if (last != null) {
            last.destroyForcibly();
        }
    }

    /// Said after [#awaitEnd].
    void ended() {
        become(PartState.STOPPED);
    }

    private synchronized @Nullable Process last() {
        return process;
    }

    private void keep() {
        try {
            long begun = System.nanoTime();
            try {
                startAndAwait();
            } catch (StartFault fault) {
                become(PartState.FAILED);
                ready.completeExceptionally(new StartFault(explain(fault)));
                return;
            }
            console.line(
                    "  %-16s ready in %6s%s"
                            .formatted(title(), Console.seconds(sinceNanos(begun)), remark()));
            ready.complete(null);
            keepAgain();
        } catch (InterruptedException e) {
            // The stack ends.
        }
    }

    private void keepAgain() throws InterruptedException {
        BackOff backOff = BackOff.fresh();
        boolean cameUp = true;
        while (true) {
            long readySince = System.nanoTime();
            Process running = last();
            int exit = running == null ? -1 : running.waitFor();
            if (isEnding()) {
                return;
            }
            if (cameUp) {
                backOff =
                        wasAsked(exit)
                                ? BackOff.fresh()
                                : backOff.afterBeingReady(sinceNanos(readySince));
            }
            become(PartState.PAUSING);
            console.line(
                    "  %-16s ended (%s); starting it again in %s"
                            .formatted(title(), meaning(exit), Console.seconds(backOff.pause())));
            Thread.sleep(backOff.pause());
            backOff = backOff.longer();
            cameUp = startAgain();
        }
    }

    /// @return whether it is ready
    private boolean startAgain() throws InterruptedException {
        long begun = System.nanoTime();
        restarted();
        try {
            startAndAwait();
            console.line(
                    "  %-16s ready again in %s%s"
                            .formatted(title(), Console.seconds(sinceNanos(begun)), remark()));
            return true;
        } catch (StartFault fault) {
            if (isEnding()) {
                throw new InterruptedException();
            }
            kill();
            console.line(explain(fault));
            return false;
        }
    }

    private String remark() {
        Process running = last();
        String remark = running == null ? "" : program.remark(running.pid());
        return remark.isEmpty() ? "" : " (" + remark + ")";
    }

    /// @throws StartFault for every reason but the end of the stack
    private void startAndAwait() throws StartFault, InterruptedException {
        become(PartState.STARTING);
        try {
            Process started = start();
            changed.run();
            awaitAnswer(started);
            program.provision();
        } catch (StartFault | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new StartFault(e.toString());
        }
        synchronized (this) {
            since = Instant.now();
        }
        become(PartState.READY);
    }

    private Process start() throws StartFault, IOException, InterruptedException {
        Invocation invocation = program.prepare(guardian);
        synchronized (this) {
            if (ending) {
                throw new InterruptedException();
            }
            Process started =
                    guardian.start(
                            invocation, settings.home().log(instance()), program.endSignal());
            process = started;
            return started;
        }
    }

    private void awaitAnswer(Process started) throws StartFault, InterruptedException {
        long begun = System.nanoTime();
        while (!program.answers()) {
            if (started.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                throw new StartFault("it ended (" + meaning(started.exitValue()) + ")");
            }
            if (sinceNanos(begun).compareTo(settings.startTimeout()) > 0) {
                throw new StartFault(
                        "it is not ready after %d s (QUADRILLE_START_TIMEOUT)"
                                .formatted(settings.startTimeout().toSeconds()));
            }
        }
    }

    /// One line: the part, what happened, where to read on, what to do.
    private String explain(StartFault fault) {
        var log = new LogFile(settings.home().log(instance()));
        // A fault that knows its remedy needs no witness.
        String telling = fault.remedy().isPresent() ? "" : LogFile.telling(log.tail());
        return "%s did not come up: %s.%s Log: %s. Remedy: %s."
                .formatted(
                        title(),
                        fault.line(),
                        telling.isEmpty() ? "" : " It said: " + telling + ".",
                        log.path(),
                        fault.remedy().orElseGet(program::remedy));
    }

    /// Whether somebody ended it in order, as [Running#restart] does: no reason to hold back.
    private static boolean wasAsked(int exit) {
        return exit == 0 || exit == TERMINATED;
    }

    /// A shell's way of saying it: 128 and the signal.
    private static String meaning(int exit) {
        return switch (exit) {
            case 137 -> "killed";
            case TERMINATED -> "asked to by a signal";
            default -> String.format(Locale.ROOT, "exit code %d", exit);
        };
    }

    private void become(PartState next) {
        synchronized (this) {
            state = next;
        }
        changed.run();
    }

    private synchronized void restarted() {
        restarts++;
    }

    private synchronized boolean isEnding() {
        return ending;
    }

    private static Duration sinceNanos(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
