package dev.quadrille.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What is asked of a process that starts, again and again until the answer is yes.
///
/// Each is asked by a thread of its own, so that none waits for another's answer.
interface Question {

    /// Asks once, and waits for the answer, with a bound.
    ///
    /// @throws Fault if it cannot even be asked
    boolean isAnswered() throws Fault, InterruptedException;

    /// Whether somebody listens.
    static Question isOpen(int port) {
        return () -> {
            try (var _ = connect(port)) {
                return true;
            } catch (IOException notYet) {
                return false;
            }
        };
    }

    /// Whether a GET is answered with 200, to its last byte.
    static Question isOk(int port, String path) {
        return isSaid(port, get(path), answer -> answer.startsWith("HTTP/1.1 200 "));
    }

    /// Whether the answer to a request, head and body, is as wished. Whoever does not answer has
    /// not said it.
    static Question isSaid(int port, String request, Predicate<String> wish) {
        return () -> say(port, request).filter(wish).isPresent();
    }

    /// Whether a query that gives a number gives this one.
    static Question isFound(Database.Look look, long number) {
        return () -> look.number() == number;
    }

    static String get(String path) {
        return request("GET " + path, "");
    }

    static String post(String path, String key, String body) {
        return request(
                "POST " + path,
                body,
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                "Idempotency-Key: " + key);
    }

    /// @param body in ASCII
    private static String request(String what, String body, String... headers) {
        return String.join("\r\n", what + " HTTP/1.1", "Host: localhost", "Connection: close", "")
                + Stream.of(headers).map(header -> header + "\r\n").collect(joining())
                + "\r\n"
                + body;
    }

    int CONNECT_LIMIT_MS = 1000;

    /// A service under load on two busy cores may take seconds for its first answer, and would take
    /// longer if it were asked anew meanwhile.
    int ANSWER_LIMIT_MS = 20_000;

    int ANSWER_BYTES = 1 << 16;

    /// A connection for each request: a client that comes newly is what a cold start is about, and
    /// there is no state of an earlier request. It ends with the answer.
    private static Optional<String> say(int port, String request) {
        try (var socket = connect(port)) {
            socket.setSoTimeout(ANSWER_LIMIT_MS);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return Optional.of(
                    new String(socket.getInputStream().readNBytes(ANSWER_BYTES), ISO_8859_1));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECT_LIMIT_MS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
