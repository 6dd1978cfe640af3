package dev.quadrille.bench;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where things are.
///
/// @param root the project, whose services are measured
/// @param results where the figures are written
/// @param cache where PostgreSQL's programs are unpacked
record Place(Path root, Path results, Path cache) {

    static Place of(Map<String, String> environment) {
        Path root = folder(environment, "QUADRILLE_ROOT", ofThisJar());
        Path home = folder(environment, "QUADRILLE_HOME", root.resolve(".quadrille"));
        return new Place(
                root,
                home.resolve("results"),
                folder(environment, "QUADRILLE_CACHE", root.resolve(".quadrille/cache")));
    }

    private static Path folder(Map<String, String> environment, String variable, Path standard) {
        String text = environment.getOrDefault(variable, "");
        return text.isBlank() ? standard : Path.of(text).toAbsolutePath().normalize();
    }

    private static Path ofThisJar() {
        try {
            URI code = Place.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            for (Path folder = Path.of(code); folder != null; folder = folder.getParent()) {
                if (Files.exists(folder.resolve("infra/local/pom.xml"))) {
                    return folder;
                }
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return Path.of("").toAbsolutePath();
    }
}
