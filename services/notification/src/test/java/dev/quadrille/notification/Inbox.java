package dev.quadrille.notification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.quadrille.testkit.TestStack;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What a customer has in the mail sink, read over IMAP.
final class Inbox {

    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)}");

    private Inbox() {}

    /// The mails to an address, as they came, with headers and parts.
    static List<String> of(String address) {
        try (var socket = new Socket("localhost", TestStack.running().port("mail.imap.port"))) {
            var in = new BufferedInputStream(socket.getInputStream());
            line(in);
            command(socket, in, "a LOGIN \"" + address + "\" x");
            command(socket, in, "b SELECT INBOX");
            return command(socket, in, "c FETCH 1:* BODY[]");
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
}
