package dev.quadrille.bakery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// What a container of an image would see: its layers, one upon the other, and its configuration.
///
/// @param files by path, without the slash that it begins with
record Contents(JsonNode config, Map<String, Entry> files) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_KEPT_BYTES = 1 << 20;
    private static final int MAX_LINKS = 16;

    /// @param link what a symbolic link points to; empty if it is none
    /// @param content a character for each byte; nothing of what is too large to be looked into
    record Entry(int mode, long user, long group, boolean folder, String link, String content) {

        boolean isLink() {
            return !link.isEmpty();
        }

        boolean isProgram() {
            return !folder && !isLink() && (mode & 0111) != 0;
        }
    }

    /// @param tar an OCI layout of one image, in one file
    static Contents of(Path tar) throws IOException {
        var index = document(tar, "index.json");
        var manifest = document(tar, blob(index.path("manifests").path(0)));
        var files = new TreeMap<String, Entry>();
        for (var layer : manifest.path("layers")) {
            // Each from the start: their order in the file is not that of the layers.
            try (var archive = at(tar, blob(layer))) {
                read(unpacked(archive), files);
            }
        }
        return new Contents(document(tar, blob(manifest.path("config"))), files);
    }

    /// Follows the symbolic links on the way.
    Optional<Entry> at(String path) {
        String here = path.startsWith("/") ? path.substring(1) : path;
        for (int links = 0; links < MAX_LINKS; links++) {
            var entry = files.get(here);
            if (entry == null || !entry.isLink()) {
                return Optional.ofNullable(entry);
            }
            var target = Path.of("/" + here).resolveSibling(entry.link()).normalize().toString();
            here = target.substring(1);
        }
        return Optional.empty();
    }

    private static String blob(JsonNode descriptor) {
        return "blobs/" + descriptor.path("digest").asText().replace(':', '/');
    }

    private static JsonNode document(Path tar, String name) throws IOException {
        try (var archive = at(tar, name)) {
            return JSON.readTree(archive.readAllBytes());
        }
    }

    private static TarArchiveInputStream at(Path tar, String name) throws IOException {
        var archive = open(Files.newInputStream(tar));
        for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            if (entry.getName().equals(name)) {
                return archive;
            }
        }
        archive.close();
        throw new IOException(tar + " has no " + name);
    }

    private static void read(InputStream layer, Map<String, Entry> files) throws IOException {
        try (var archive = open(layer)) {
            for (var entry = archive.getNextEntry();
                    entry != null;
                    entry = archive.getNextEntry()) {
                var name = entry.getName().replaceFirst("^\\.?/", "").replaceFirst("/$", "");
                if (!name.isEmpty()) {
                    files.put(name, entry(entry, archive));
                }
            }
        }
    }

    private static Entry entry(TarArchiveEntry entry, InputStream content) throws IOException {
        boolean kept = entry.isFile() && !entry.isLink() && entry.getSize() <= MAX_KEPT_BYTES;
        return new Entry(
                entry.getMode() & 07777,
                entry.getLongUserId(),
                entry.getLongGroupId(),
                entry.isDirectory(),
                entry.isSymbolicLink() ? entry.getLinkName() : "",
                kept ? new String(content.readAllBytes(), StandardCharsets.ISO_8859_1) : "");
    }

    private static InputStream unpacked(InputStream layer) throws IOException {
        var buffered = new BufferedInputStream(layer);
        buffered.mark(2);
        byte[] magic = buffered.readNBytes(2);
        buffered.reset();
        boolean packed = magic.length == 2 && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b;
        return packed ? new GZIPInputStream(buffered) : buffered;
    }

    private static TarArchiveInputStream open(InputStream in) {
        return new TarArchiveInputStream(new BufferedInputStream(in), "UTF-8");
    }
}
