package dev.quadrille.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/// The TCP ports of this machine.
final class Ports {

    /// Below what the systems give to outgoing connections (Linux from 32768, macOS from 49152), so
    /// that nobody's connection sits on a port in the moment when its part is started again.
    private static final int FREE_FROM = 20_000;

    private static final int FREE_TO = 30_000;
    private static final int ATTEMPTS = 1000;
    private static final String LISTENING = "0A";

    private Ports() {}

    /// Somebody may listen on all interfaces, which some systems let one bind beside; so it is
    /// asked both ways.
    static boolean isTaken(int port) {
        if (Program.listens(port)) {
            return true;
        }
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// @return free ports, another one each time
    static IntSupplier free() {
        Set<Integer> given = new HashSet<>();
        return () -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                int port = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
                if (!given.contains(port) && !isTaken(port)) {
                    given.add(port);
                    return port;
                }
            }
            throw new IllegalStateException(
                    "No free port between " + FREE_FROM + " and " + FREE_TO);
        };
    }

    /// Who listens there, such as `java (process 4711)`, where the system tells.
    static Optional<String> holder(int port) {
        Optional<Long> pid =
                Files.isDirectory(Path.of("/proc/net")) ? holderByProc(port) : holderByLsof(port);
        return pid.map(number -> {
            String program =
                    ProcessHandle.of(number)
                            .flatMap(handle -> handle.info().command())
                            .map(command -> command.replaceFirst(".*/", ""))
                            .orElse("a program");
            return program + " (process " + number + ")";
        });
    }

    private static Optional<Long> holderByProc(int port) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .flatMap(table -> linesOf(table).stream())
                .flatMap(line -> socketListeningOn(port, line).stream())
                .findFirst()
                .flatMap(Ports::holderOfSocket);
    }

    /// A line is `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …`, the
    /// addresses in hexadecimal.
    static Optional<String> socketListeningOn(int port, String line) {
        String[] fields = line.strip().split("\\s+", -1);
        return fields.length > 9
                        && fields[3].equals(LISTENING)
                        && fields[1].endsWith(":%04X".formatted(port))
                ? Optional.of(fields[9])
                : Optional.empty();
    }

    private static Optional<Long> holderOfSocket(String inode) {
        Path link = Path.of("socket:[" + inode + "]");
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(process -> hasOpen(process, link))
                    .map(process -> Long.valueOf(process.getFileName().toString()))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean hasOpen(Path process, Path link) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).equals(link);
                } catch (IOException e) {
                    return false;
                }
            });
        } catch (IOException notOurs) {
            return false;
        }
    }

    private static List<String> linesOf(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Long> holderByLsof(int port) {
        try {
            Process lsof =
                    new ProcessBuilder("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (var out = lsof.inputReader()) {
                Optional<String> line = out.lines().findFirst();
                lsof.waitFor(2, TimeUnit.SECONDS);
                return line.map(String::strip).map(Long::valueOf);
            }
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
