package dev.quadrille.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A program that starts as slowly as it is told, and writes down when what was true.
///
/// Its arguments: the port, the ms that it waits before it listens, and the ms after which it is
/// ready. It answers every request with 503 until then, and with 200 after it.
final class StandIn {

    private StandIn() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0) {
            System.out.println("ERROR the stand-in is on fire");
            System.exit(7);
        }
        int port = Integer.parseInt(arguments[0]);
        tell("waiting", System.nanoTime());
        delay(Long.parseLong(arguments[1]));
        tell("opening", System.nanoTime());
        try (var server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            long readyNanos = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000;
            tell("ready", readyNanos);
            while (true) {
                try (var client = server.accept()) {
                    answer(client, System.nanoTime() >= readyNanos);
                } catch (IOException gone) {
                    // Whoever only knocks.
                }
            }
        }
    }

    static ProcessBuilder process(int port, int openAfterMs, int readyAfterMs) {
        return java(
                List.of(
                        Integer.toString(port),
                        Integer.toString(openAfterMs),
                        Integer.toString(readyAfterMs)));
    }

    static ProcessBuilder broken() {
        return java(List.of());
    }

    private static ProcessBuilder java(List<String> arguments) {
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                Path.of(
                                                StandIn.class
                                                        .getProtectionDomain()
                                                        .getCodeSource()
                                                        .getLocation()
                                                        .getPath())
                                        .toString(),
                                StandIn.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private static void answer(Socket client, boolean ready) throws IOException {
        client.setSoTimeout(1000);
        if (client.getInputStream().read() >= 0) {
            client.getOutputStream()
                    .write(
                            ("HTTP/1.1 %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
                                            .formatted(ready ? "200 OK" : "503 Not yet"))
                                    .getBytes(ISO_8859_1));
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        }
    }

    /// Never shorter than that.
    private static void delay(long ms) {
        long end = System.nanoTime() + ms * 1_000_000;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void tell(String what, long nanos) {
        System.out.println(what + " " + nanos);
    }
}
