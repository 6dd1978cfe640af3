package dev.quadrille.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A customer's mails in the mail sink, over IMAP.
public final class Mailbox {

    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)}");
    private static final Pattern MESSAGE_ID =
            Pattern.compile("(?im)^Message-ID:\\s*<([^@>]+)[^>]*>");
    private static final Pattern SUBJECT = Pattern.compile("(?im)^Subject:\\s*(.*)$");
    private static final int ANSWER_LIMIT_MS = 30_000;

    private final int port;
    private final String address;

    /// @param port IMAP
    public Mailbox(int port, String address) {
        this.port = port;
        this.address = address;
    }

    /// All mails, oldest first.
    public List<Evidence.Mail> mails() {
        return ask("c FETCH 1:* BODY.PEEK[HEADER]").stream()
                .map(header -> new Evidence.Mail(found(MESSAGE_ID, header), found(SUBJECT, header)))
                .toList();
    }

    /// Throws all mails away: the sink keeps them in a small heap.
    public void empty() {
        ask("c STORE 1:* +FLAGS.SILENT (\\Deleted)", "d EXPUNGE");
    }

    private List<String> ask(String... commands) {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(ANSWER_LIMIT_MS);
            var in = new BufferedInputStream(socket.getInputStream());
            line(in);
            command(socket, in, "a LOGIN \"" + address + "\" x");
            command(socket, in, "b SELECT INBOX");
            var answer = new ArrayList<String>();
            for (var command : commands) {
                answer.addAll(command(socket, in, command));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The literals of the answer.
    private static List<String> command(Socket socket, InputStream in, String command)
            throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(ISO_8859_1));
        var literals = new ArrayList<String>();
        for (var line = line(in); !line.startsWith(command.substring(0, 2)); line = line(in)) {
            var literal = LITERAL.matcher(line);
            if (literal.matches()) {
                literals.add(
                        new String(in.readNBytes(Integer.parseInt(literal.group(1))), ISO_8859_1)
                                .replace("\r\n", "\n"));
            }
        }
        return literals;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the mail sink hung up");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static String found(Pattern pattern, String header) {
        Matcher found = pattern.matcher(header);
        if (!found.find()) {
            throw new IllegalStateException("a mail without " + pattern);
        }
        return found.group(1).strip();
    }
}
