package dev.quadrille.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/// What one bench has measured, in a file that is written anew after each part: what was measured
/// stays, whatever becomes of the next.
final class Results {

    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private final Path folder;
    private final String name;
    private final Instant begun = Instant.now();
    private final Map<String, Object> results = new LinkedHashMap<>();

    Results(Place place, String bench) {
        this.folder = place.results();
        this.name = bench + "-" + FILE_TIME.format(begun);
        results.put("begun", begun.toString());
    }

    Instant begun() {
        return begun;
    }

    void put(String key, Object value) {
        results.put(key, value);
    }

    void write() throws Fault {
        try {
            write(".json", JSON.writeValueAsString(results) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Beside the figures.
    void write(String extension, String text) throws Fault {
        try {
            Files.createDirectories(folder);
            Files.writeString(file(extension), text);
        } catch (IOException e) {
            throw new Fault("The results cannot be written: " + e);
        }
    }

    Path file(String extension) {
        return folder.resolve(name + extension);
    }
}
