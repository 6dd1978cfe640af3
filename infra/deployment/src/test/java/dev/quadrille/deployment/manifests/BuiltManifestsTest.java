package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// That what is committed below `kubernetes` is what the builds of the services write today. With
/// `-Dquadrille.manifests=write`, as `kubernetes/update.sh` sets it, it is written instead.
class BuiltManifestsTest {

    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("quadrille.root")));
    private static final Path CHARTS = ROOT.resolve("kubernetes/chart/charts");

    @Test
    void whatIsCommittedIsWhatTheBuildWrites() throws IOException {
        SortedMap<String, String> built = BuiltManifests.of(ROOT);
        assertThat(built).hasSizeGreaterThan(4 * 6);

        if ("write".equals(System.getProperty("quadrille.manifests"))) {
            write(built);
        }

        assertThat(drift(built))
                .as("Remedy: ./kubernetes/update.sh, look at the difference, commit it")
                .isEmpty();
    }

    @Test
    void whatQuarkusWritesInAnyOrderIsWrittenInOne() {
        String labels =
                "metadata:\n  labels:\n    app.kubernetes.io/%s: x\n    app.kubernetes.io/%s: x\n";
        String one = "kind: Service\n" + labels.formatted("name", "part-of");
        String other = labels.formatted("part-of", "name") + "kind: Service\n";
        String job = "kind: Job\n";

        assertThat(BuiltManifests.manifests(one + "---\n" + job))
                .isEqualTo(BuiltManifests.manifests("---\n" + job + "---\n" + other))
                .startsWith("---\nkind: Job\n---\nkind: Service\n");
        assertThat(BuiltManifests.template("{{- if .Values.x }}\n" + one))
                .isEqualTo(
                        BuiltManifests.template(
                                "{{- if .Values.x }}\nkind: Service\n"
                                        + labels.formatted("part-of", "name")));
    }

    private static List<String> drift(Map<String, String> built) throws IOException {
        List<String> drift = new ArrayList<>();
        for (Map.Entry<String, String> file : built.entrySet()) {
            Path committed = ROOT.resolve(file.getKey());
            if (!Files.exists(committed)) {
                drift.add(file.getKey() + " is not there");
            } else if (!Files.readString(committed).equals(file.getValue())) {
                drift.add(file.getKey() + " differs: " + difference(committed, file.getValue()));
            }
        }
        for (String file : new TreeSet<>(committedCharts())) {
            if (!built.containsKey(file)) {
                drift.add(file + " is written by no build any more");
            }
        }
        return drift;
    }

    private static String difference(Path committed, String built) throws IOException {
        List<String> there = Files.readAllLines(committed);
        List<String> wanted = built.lines().toList();
        for (int line = 0; line < Math.max(there.size(), wanted.size()); line++) {
            String is = line < there.size() ? there.get(line) : "(end)";
            String ought = line < wanted.size() ? wanted.get(line) : "(end)";
            if (!is.equals(ought)) {
                return "line %d is '%s', the build writes '%s'".formatted(line + 1, is, ought);
            }
        }
        return "at its end";
    }

    private static List<String> committedCharts() throws IOException {
        if (!Files.exists(CHARTS)) {
            return List.of();
        }
        try (var files = Files.walk(CHARTS)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString())
                    .toList();
        }
    }

    private static void write(Map<String, String> built) throws IOException {
        for (String file : committedCharts()) {
            Files.delete(ROOT.resolve(file));
        }
        for (Map.Entry<String, String> file : built.entrySet()) {
            Path path = ROOT.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, file.getValue());
        }
    }
}
