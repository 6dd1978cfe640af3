package dev.quadrille.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One replica of one of the four services.
///
/// @param flavour the best of those that were built and wished for
record Service(Instance instance, Flavour flavour, ServiceStart start, int port, LogFile log)
        implements Program {

    static final String HEALTH = "/q/health/ready";

    static Service of(Instance instance, Settings settings) {
        // What is recorded is what is loaded anew.
        var wished = settings.records() ? Flavour.JVM : settings.flavour();
        var flavour = wished.built(settings.root(), instance.part().title());
        return new Service(
                instance,
                flavour,
                ServiceStart.of(instance, flavour, settings),
                settings.port(instance),
                new LogFile(settings.home().log(instance)));
    }

    @Override
    public Invocation prepare(Guardian guardian) throws StartFault {
        if (!Files.exists(start.needed())) {
            throw new StartFault(
                    start.needed() + " is missing: it is not built",
                    "build it with ./run.sh, or leave it out with --without "
                            + instance.part().title());
        }
        return new Invocation(start.command(), start.environment(), start.folder());
    }

    @Override
    public boolean answers() {
        return Program.isWell(port, HEALTH);
    }

    @Override
    public void provision() {}

    @Override
    public String remedy() {
        return "leave it out with --without %s, or begin with empty data: ./run.sh --fresh"
                .formatted(instance.part().title());
    }

    @Override
    public String address() {
        return "http://localhost:" + port;
    }

    @Override
    public String remark(long pid) {
        return switch (flavour) {
            case JVM -> "";
            case AOT -> {
                String reason = ServiceStart.rejection(log.tail());
                yield reason.isEmpty() && isMapped(pid, start.needed())
                        ? "AOT cache"
                        : "its AOT cache was rejected: " + reason;
            }
            case NATIVE -> "native";
        };
    }

    /// Where there is no /proc, the log alone tells.
    private static boolean isMapped(long pid, Path cache) {
        var maps = Path.of("/proc", Long.toString(pid), "maps");
        try {
            return !Files.exists(maps)
                    || Files.readString(maps).contains(cache.getFileName().toString());
        } catch (IOException e) {
            return false;
        }
    }
}
