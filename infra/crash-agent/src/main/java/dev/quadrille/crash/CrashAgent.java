package dev.quadrille.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts a call of [Orders#reach] at the entry of each [CrashPoint].
///
/// It leaves `<folder>/<point>.instrumented` behind for each one it found. One whose class was
/// loaded without the method gets `<folder>/<point>.missing` and a line on stderr, so that a test
/// of a method that was renamed does not pass because nothing happens.
public final class CrashAgent implements ClassFileTransformer {

    static final String INSTRUMENTED = ".instrumented";
    static final String MISSING = ".missing";

    private final Path folder;

    private CrashAgent(Path folder) {
        this.folder = folder;
    }

    public static void premain(@Nullable String folder, Instrumentation instrumentation) {
        if (folder == null || folder.isBlank()) {
            throw new IllegalArgumentException(
                    "the crash agent needs a folder:"
                            + " -javaagent:quadrille-crash-agent.jar=<folder>");
        }
        var orders = Path.of(folder).toAbsolutePath();
        try {
            Files.createDirectories(orders);
            for (var point : CrashPoint.values()) {
                Files.deleteIfExists(orders.resolve(point.fileName() + INSTRUMENTED));
                Files.deleteIfExists(orders.resolve(point.fileName() + MISSING));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Orders.lieIn(orders);
        instrumentation.addTransformer(new CrashAgent(orders));
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        var points =
                Arrays.stream(CrashPoint.values())
                        .filter(point -> point.className().equals(className))
                        .toList();
        if (points.isEmpty()) {
            return null;
        }
        try {
            return transform(loader, points, classFile);
        } catch (RuntimeException | Error e) {
            // The JVM would swallow it and go on with the class as it was.
            points.forEach(point -> miss(point, e.toString()));
            return null;
        }
    }

    private byte[] transform(
            @Nullable ClassLoader loader, List<CrashPoint> points, byte[] classFile) {
        var found = new ArrayList<CrashPoint>();
        var transformed = Weaver.weave(loader, points, classFile, found::add);
        for (var point : points) {
            if (found.contains(point)) {
                mark(point, INSTRUMENTED, "");
            } else {
                miss(point, point.className() + " has no method " + point.method());
            }
        }
        return transformed;
    }

    private void miss(CrashPoint point, String why) {
        System.err.println("crash agent: no point " + point.fileName() + ": " + why);
        mark(point, MISSING, why);
    }

    private void mark(CrashPoint point, String ending, String text) {
        try {
            Files.writeString(folder.resolve(point.fileName() + ending), text);
        } catch (IOException e) {
            System.err.println("crash agent: " + e);
        }
    }
}
