package dev.quadrille.bakery;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// An image that is made from scratch: one layer for each folder of files, the way that `docker
/// save` writes it. Jib reads that, and could not write it: its layers know no symbolic link and no
/// sticky bit.
///
/// Nothing of the machine gets in: no owner but root, no time but the one given, no order but the
/// paths', and of the permissions only whether a file can be executed.
final class BaseImage {

    private static final int FOLDER_MODE = 0755;
    private static final int SHARED_FOLDER_MODE = 01777;
    private static final int PROGRAM_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final List<String> SHARED_FOLDERS = List.of("tmp");
    private static final ObjectMapper JSON = new ObjectMapper();

    private BaseImage() {}

    /// @param layers folders, the lowest layer first
    /// @param config what the image says of itself: user, environment, labels
    /// @param made the time that the image and each of its files say they are from
    static void write(
            List<Path> layers, Map<String, ?> config, String architecture, Instant made, Path into)
            throws IOException {
        var layerTars = new ArrayList<Path>();
        var sums = new ArrayList<String>();
        for (var layer : layers) {
            Path tar = into.resolveSibling(into.getFileName() + "." + layerTars.size() + ".layer");
            sums.add("sha256:" + writeLayer(layer, made, tar));
            layerTars.add(tar);
        }
        var image = new TreeMap<String, Object>();
        image.put("architecture", architecture);
        image.put("os", "linux");
        image.put("created", made.toString());
        image.put("config", config);
        image.put("rootfs", Map.of("type", "layers", "diff_ids", sums));
        image.put(
                "history",
                layers.stream()
                        .map(layer ->
                                new TreeMap<>(
                                        Map.of(
                                                "created", made.toString(),
                                                "created_by", "quadrille bakery",
                                                "comment", String.valueOf(layer.getFileName()))))
                        .toList());
        var names = layerTars.stream().map(tar -> String.valueOf(tar.getFileName())).toList();
        byte[] manifest =
                JSON.writeValueAsBytes(List.of(Map.of("Config", "config.json", "Layers", names)));
        try (var tar = tar(Files.newOutputStream(into))) {
            put(tar, "config.json", JSON.writeValueAsBytes(image));
            put(tar, "manifest.json", manifest);
            for (var layerTar : layerTars) {
                var entry = new TarArchiveEntry(String.valueOf(layerTar.getFileName()));
                entry.setSize(Files.size(layerTar));
                tar.putArchiveEntry(entry);
                Files.copy(layerTar, tar);
                tar.closeArchiveEntry();
            }
        }
        for (var layerTar : layerTars) {
            Files.delete(layerTar);
        }
    }

    /// @return its sha256, which is how an image knows a layer
    private static String writeLayer(Path root, Instant made, Path into) throws IOException {
        var sum = sha256();
        try (var tar = tar(new DigestOutputStream(Files.newOutputStream(into), sum))) {
            for (var file : paths(root)) {
                tar.putArchiveEntry(entry(root, file, made));
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(file, tar);
                }
                tar.closeArchiveEntry();
            }
        }
        return HexFormat.of().formatHex(sum.digest());
    }

    private static TarArchiveEntry entry(Path root, Path file, Instant made) throws IOException {
        String name = root.relativize(file).toString();
        TarArchiveEntry entry;
        if (Files.isSymbolicLink(file)) {
            entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(Files.readSymbolicLink(file).toString());
        } else if (Files.isDirectory(file)) {
            entry = new TarArchiveEntry(name + "/");
            entry.setMode(SHARED_FOLDERS.contains(name) ? SHARED_FOLDER_MODE : FOLDER_MODE);
        } else {
            entry = new TarArchiveEntry(name);
            entry.setSize(Files.size(file));
            entry.setMode(Files.isExecutable(file) ? PROGRAM_MODE : FILE_MODE);
        }
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setModTime(Date.from(made));
        return entry;
    }

    private static List<Path> paths(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> !file.equals(root)).sorted().toList();
        }
    }

    private static TarArchiveOutputStream tar(OutputStream to) {
        var tar = new TarArchiveOutputStream(new BufferedOutputStream(to), "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content)
            throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
