package dev.quadrille.bakery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which digest each image of a version has: lines of name, tag and digest, for people and for what
/// deploys.
record Digests(Path file) {

    Optional<String> of(String name, String tag) throws IOException {
        return lines().stream()
                .filter(line -> line.startsWith(name + " " + tag + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst();
    }

    void put(String name, String tag, String digest) throws IOException {
        var lines = new ArrayList<>(lines());
        lines.removeIf(line -> line.startsWith(name + " " + tag + " "));
        lines.add(name + " " + tag + " " + digest);
        Files.write(file, lines);
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
