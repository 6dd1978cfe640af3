package dev.quadrille.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The CPU time that the parts have had up to a moment.
///
/// @param service, kafka, bench in ms, as all the others; `bench` is this process
/// @param postgres the server and all its processes, those that have ended too
/// @param machine every process there is
/// @param threads of the service, by name and id
/// @param backends PostgreSQL's processes, by what they call themselves
record Load(
        long nanos,
        long service,
        long postgres,
        long kafka,
        long bench,
        long machine,
        Map<String, Long> threads,
        Map<String, Long> backends) {

    static Load of(long servicePid, long postgresPid, long kafkaPid) throws IOException {
        var backends = new HashMap<String, Long>();
        long postgres = 0;
        for (var one : Proc.tree(postgresPid).entrySet()) {
            long own = one.getValue().ownMs();
            postgres += own + one.getValue().reapedMs();
            backends.put(backend(Proc.title(one.getKey())) + "/" + one.getKey(), own);
        }
        return new Load(
                System.nanoTime(),
                ownMs(servicePid),
                postgres,
                ownMs(kafkaPid),
                ownMs(ProcessHandle.current().pid()),
                Proc.busyMs(),
                Proc.threadsMs(servicePid),
                backends);
    }

    /// What was used since.
    Used since(Load before) {
        return new Used(
                (nanos - before.nanos) / 1e6,
                service - before.service,
                postgres - before.postgres,
                kafka - before.kafka,
                bench - before.bench,
                machine - before.machine,
                Runtime.getRuntime().availableProcessors(),
                busiest(threads, before.threads),
                busiest(backends, before.backends));
    }

    /// `postgres: order order 127.0.0.1(51234) COMMIT` is a client's backend, whatever it does now.
    static String backend(String title) {
        String[] words = title.split(" ", -1);
        if (words.length < 2 || !words[0].equals("postgres:")) {
            return "postmaster";
        }
        return words.length >= 4 && words[3].contains("(") ? "backend of " + words[1] : words[1];
    }

    static Optional<Used.One> busiest(Map<String, Long> now, Map<String, Long> before) {
        return now.entrySet().stream()
                .map(one ->
                        new Used.One(
                                one.getKey().substring(0, one.getKey().lastIndexOf('/')),
                                one.getValue() - before.getOrDefault(one.getKey(), 0L)))
                .max((a, b) -> Long.compare(a.ms(), b.ms()));
    }

    private static long ownMs(long pid) {
        return Proc.stat(pid).map(Proc.Stat::ownMs).orElse(0L);
    }
}
