package dev.quadrille.notification;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A mail server that misbehaves where a test wants it to.
public final class ScriptedServer implements AutoCloseable {

    /// A place in a conversation, at which the server answers.
    public enum Place {
        GREETING("220 scripted"),
        EHLO("250-scripted\r\n250 SIZE 100000"),
        MAIL("250 ok"),
        RCPT("250 ok"),
        DATA("354 go ahead"),
        MAIL_END("250 taken"),
        RSET("250 ok"),
        QUIT("221 bye");

        private final String well;

        Place(String well) {
            this.well = well;
        }
    }

    /// Instead of an answer.
    public static final String CLOSE = "close";

    /// Instead of an answer: none, until the test calls [#resume].
    public static final String HANG = "hang";

    private final ServerSocket socket;
    private final Thread acceptor;
    private final Map<Place, String> script = new ConcurrentHashMap<>();
    private final List<Socket> conversations = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final CountDownLatch resumed = new CountDownLatch(1);

    /// @param port 0 for any
    public ScriptedServer(int port) {
        try {
            socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    public ScriptedServer at(Place place, String answer) {
        script.put(place, answer);
        return this;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /// What clients said, without the mails themselves.
    public List<String> commands() {
        return commands;
    }

    /// The mails that were transmitted to the end, taken or not.
    public List<String> mails() {
        return mails;
    }

    /// Lets every conversation that hangs go on, well.
    public void resume() {
        resumed.countDown();
    }

    /// Afterwards the port is free: a socket that is closed listens on until the thread that waits
    /// in it has left it.
    @Override
    public void close() throws IOException {
        resume();
        socket.close();
        try {
            acceptor.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (var conversation : conversations) {
            conversation.close();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var conversation = socket.accept();
                conversations.add(conversation);
                Thread.ofVirtual().start(() -> converse(conversation));
            } catch (IOException _) {
                // Closed.
            }
        }
    }

    private void converse(Socket conversation) {
        try (conversation) {
            var in =
                    new BufferedReader(new InputStreamReader(conversation.getInputStream(), UTF_8));
            var out = conversation.getOutputStream();
            if (!answer(out, Place.GREETING)) {
                return;
            }
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                var place = place(line);
                if (!answer(out, place) || place == Place.QUIT) {
                    return;
                }
                boolean goesAhead =
                        place == Place.DATA && script.getOrDefault(place, "354").startsWith("354");
                if (goesAhead && !takeMail(in, out)) {
                    return;
                }
            }
        } catch (IOException _) {
            // The client is gone.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean takeMail(BufferedReader in, OutputStream out)
            throws IOException, InterruptedException {
        var mail = new StringBuilder();
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(".")) {
                mails.add(mail.toString());
                return answer(out, Place.MAIL_END);
            }
            mail.append(line).append('\n');
        }
        return false;
    }

    /// @return whether the conversation goes on
    private boolean answer(OutputStream out, Place place) throws IOException, InterruptedException {
        var answer = script.getOrDefault(place, place.well);
        if (answer.equals(CLOSE)) {
            return false;
        }
        if (answer.equals(HANG)) {
            resumed.await();
            answer = place.well;
        }
        out.write((answer + "\r\n").getBytes(UTF_8));
        out.flush();
        return true;
    }

    private static Place place(String command) {
        var verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        return switch (verb) {
            case "EHLO", "HELO" -> Place.EHLO;
            case "MAIL" -> Place.MAIL;
            case "RCPT" -> Place.RCPT;
            case "DATA" -> Place.DATA;
            case "RSET" -> Place.RSET;
            default -> Place.QUIT;
        };
    }
}
