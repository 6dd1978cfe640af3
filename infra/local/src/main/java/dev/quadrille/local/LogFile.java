package dev.quadrille.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;

/// The file that a part writes what it has to say into: the launcher opens it for the part, and
/// keeps it from growing without end.
record LogFile(Path path) {

    private static final long MAX_BYTES = 20L * 1024 * 1024;
    private static final int TAIL_BYTES = 64 * 1024;
    private static final int TELLING_CHARACTERS = 300;

    /// What a line looks like that says why a program ended.
    private static final Pattern TELLING =
            Pattern.compile("\\b(FATAL|ERROR|SEVERE|PANIC|Caused by:|Error:|error:)|Exception\\b");

    private static final Pattern STACK_FRAME = Pattern.compile("^\\s+(at |\\.\\.\\. )");

    /// A new file for a new start of the stack; the one before is kept beside it.
    void begin() throws IOException {
        Files.createDirectories(path.getParent());
        if (Files.exists(path)) {
            Files.move(path, previous(), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createFile(path);
    }

    /// Moves the content aside once it is too long. The part goes on writing to the same file: it
    /// was opened to append, so it writes at the new end.
    void trim() throws IOException {
        if (Files.exists(path) && Files.size(path) > MAX_BYTES) {
            Files.copy(path, previous(), StandardCopyOption.REPLACE_EXISTING);
            try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(0);
            }
        }
    }

    /// The last lines, from the last 64 KiB at most.
    List<String> tail() {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The last line that looks like a reason, else the last one that says anything, else nothing.
    static String telling(List<String> lines) {
        String last = "";
        String reason = "";
        for (String line : lines) {
            if (line.isBlank() || STACK_FRAME.matcher(line).find()) {
                continue;
            }
            last = line;
            if (TELLING.matcher(line).find()) {
                reason = line;
            }
        }
        String found = (reason.isEmpty() ? last : reason).strip();
        return found.length() <= TELLING_CHARACTERS
                ? found
                : found.substring(0, TELLING_CHARACTERS) + "…";
    }

    private Path previous() {
        return path.resolveSibling(path.getFileName() + ".1");
    }
}
