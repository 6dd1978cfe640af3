package dev.quadrille.bench;

import dev.quadrille.local.ServiceStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One process that is started, with a stopwatch: it runs from right before the system is asked for
/// the process, so that forking and loading it count.
///
/// A time is taken when the answer to a question is there. What was asked about came true between
/// the question before and this one: a time is never too early, and too late by the pause and the
/// length of an answer at most.
final class Trial implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    /// Asking costs CPU time that a process which starts on two cores lacks. So between two
    /// questions passes half a percent of the time since the start, and at least as much time as
    /// the last one took; within these bounds.
    private static final int PAUSES_UNTIL_NOW = 200;

    private static final long LEAST_PAUSE_NANOS = 1_000_000;

    private static final long MOST_PAUSE_NANOS = 10_000_000;

    private static final int LAST_LINES = 3;

    /// They must not outlive the bench.
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
    }

    private final String name;
    private final Process process;
    private final Path log;
    private final long begunNanos;

    private Trial(String name, Process process, Path log, long begunNanos) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.begunNanos = begunNanos;
    }

    /// @param name for people
    /// @param log where what it writes goes
    static Trial begin(String name, ProcessBuilder builder, Path log) throws Fault {
        return begin(name, builder, log, null);
    }

    /// @param sinceNanos when the stopwatch began to run, if that was before
    static Trial begin(String name, ProcessBuilder builder, Path log, @Nullable Long sinceNanos)
            throws Fault {
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        long begunNanos = System.nanoTime();
        try {
            var process = builder.start();
            ALIVE.add(process);
            return new Trial(name, process, log, sinceNanos == null ? begunNanos : sinceNanos);
        } catch (IOException e) {
            throw new Fault("%s cannot be started: %s".formatted(name, e));
        }
    }

    /// When a question was answered.
    ///
    /// @param ms since the start
    /// @param cpuMs what the process had used by then, in steps of 10
    record Answered(double ms, long cpuMs) {}

    /// Asks from now on.
    CompletableFuture<Answered> when(String what, Question question) {
        return after(CompletableFuture.completedFuture(null), what, question);
    }

    /// Asks once something else is answered: so what cannot be before the port is open does not
    /// knock there.
    CompletableFuture<Answered> after(CompletableFuture<?> first, String what, Question question) {
        var answered = new CompletableFuture<Answered>();
        Thread.ofPlatform()
                .daemon()
                .name(name + ": " + what)
                .start(() -> {
                    try {
                        first.join();
                        answered.complete(pursue(what, question));
                    } catch (Fault | InterruptedException | RuntimeException e) {
                        answered.completeExceptionally(e);
                    }
                });
        return answered;
    }

    /// @throws Fault if there will be no answer
    static Answered await(CompletableFuture<Answered> answered) throws Fault, InterruptedException {
        try {
            return answered.get(2 * ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause != null && !(cause instanceof Fault) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw cause instanceof Fault fault ? fault : new Fault("Unexpected: " + cause);
        } catch (TimeoutException e) {
            throw new Fault("A question had no answer in time");
        }
    }

    /// On the clock of System#nanoTime, which all processes of a Linux share.
    long begunNanos() {
        return begunNanos;
    }

    long pid() {
        return process.pid();
    }

    /// What it has used so far.
    long cpuMs() {
        return Proc.stat(pid()).map(Proc.Stat::ownMs).orElse(0L);
    }

    /// Why the JVM does not use its AOT cache; empty if it does.
    String rejection() {
        try {
            return ServiceStart.rejection(Files.readAllLines(log));
        } catch (IOException e) {
            return "";
        }
    }

    /// Asks it to end, without waiting for it.
    void end() {
        process.destroy();
    }

    /// Asks it to end, and waits. A consumer then leaves its group, so that the next one need not
    /// wait for the end of its session.
    ///
    /// @return how long that took in ms
    /// @throws Fault if it had to be killed
    double stop() throws Fault, InterruptedException {
        long askedNanos = System.nanoTime();
        process.destroy();
        boolean gone = process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
        double ms = (System.nanoTime() - askedNanos) / 1e6;
        close();
        if (!gone) {
            throw new Fault(
                    "%s did not end within %d s of SIGTERM and was killed. Log: %s"
                            .formatted(name, END_LIMIT.toSeconds(), log));
        }
        return ms;
    }

    /// Kills it if it is still there.
    @Override
    public void close() {
        process.destroyForcibly();
        ALIVE.remove(process);
    }

    private Answered pursue(String what, Question question) throws Fault, InterruptedException {
        long deadline = begunNanos + ANSWER_LIMIT.toNanos();
        while (true) {
            long askedNanos = System.nanoTime();
            if (question.isAnswered()) {
                long answeredNanos = System.nanoTime();
                return new Answered((answeredNanos - begunNanos) / 1e6, cpuMs());
            }
            if (!process.isAlive()) {
                throw new Fault(
                        "%s ended with exit code %d before %s. Its last words: %s"
                                .formatted(name, process.exitValue(), what, lastWords()));
            }
            long now = System.nanoTime();
            if (now > deadline) {
                throw new Fault(
                        "%s: not %s within %d s. Its last words: %s"
                                .formatted(name, what, ANSWER_LIMIT.toSeconds(), lastWords()));
            }
            LockSupport.parkNanos(pauseNanos(now - begunNanos, now - askedNanos));
        }
    }

    static long pauseNanos(long sinceStart, long lastAnswer) {
        return Math.clamp(
                Math.max(sinceStart / PAUSES_UNTIL_NOW, lastAnswer),
                LEAST_PAUSE_NANOS,
                MOST_PAUSE_NANOS);
    }

    private String lastWords() {
        try {
            var lines = Files.readAllLines(log);
            return String.join(
                    " | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "none";
        }
    }
}
