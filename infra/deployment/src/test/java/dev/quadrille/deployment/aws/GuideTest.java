package dev.quadrille.deployment.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands of the guides, held to the scripts that they name: that these are there, and take
/// what they are given.
class GuideTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```");
    private static final Pattern FILE =
            Pattern.compile(
                    "(?<![\\w./-])(?:\\./)?((?:infra|kubernetes|services)/[\\w./-]*\\w|[\\w-]+\\.sh)");
    private static final Pattern EDIT =
            Pattern.compile("\\bsed -\\S*i\\S* (?:-e )?[\"']s(\\W)(.+?)\\1.*?[\"'] (\\S+)");
    private static final Pattern HERE_DOCUMENT = Pattern.compile("(?ms)<<EOF\\n(.*?)^EOF$");
    private static final Pattern CALL =
            Pattern.compile(
                    "(?<![\\w./-])(?:\\./)?((?:(?:infra|kubernetes)/[\\w/-]+/)?[\\w-]+\\.sh)((?:"
                            + " [^|&;)\"]*)?)");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infra/aws/LAPTOP-TO-EKS.md",
                "infra/aws/README.md",
                "infra/pipelines/README.md"
            })
    void everyCommandNamesFilesThatAreThereAndOptionsThatTheyTake(String guide) throws Exception {
        assertThat(faults(Files.readString(Script.checkout().resolve(guide)))).isEmpty();
    }

    @Test
    void aLineThatCannotBeFollowedIsFound() throws Exception {
        assertThat(faults("```\ninfra/aws/up.sh --now\n```\n"))
                .containsExactly("infra/aws/up.sh does not take --now");
        assertThat(faults("```\ninfra/pipelines/release.sh ship dev\n```\n"))
                .containsExactly("infra/pipelines/release.sh does not take ship");
        assertThat(faults("```\ninfra/aws/sideways.sh\n```\n"))
                .containsExactly("There is no infra/aws/sideways.sh");
    }

    @Test
    void anEditThatChangesNothingIsFound() throws Exception {
        var edit = "```\nsed -i.bak \"s/%s/$host/\" infra/aws/cluster.yaml\n```\n";

        assertThat(faults(edit.formatted("m[0-9]i\\.large"))).isEmpty();
        assertThat(faults(edit.formatted("m[0-9]i\\.huge")))
                .containsExactly("infra/aws/cluster.yaml has no m[0-9]i\\.huge");
    }

    /// NodePort, which cert-manager would take by itself, the namespaces' quota refuses.
    @Test
    void certificatesAreAskedForAtTheGatewayThatWantsThem() throws IOException {
        var guide = Files.readString(Script.checkout().resolve("infra/aws/LAPTOP-TO-EKS.md"));
        var issuer =
                HERE_DOCUMENT
                        .matcher(guide)
                        .results()
                        .map(match -> yaml(match.group(1)))
                        .filter(object -> object.path("kind").asText().equals("ClusterIssuer"))
                        .findFirst()
                        .orElseThrow();
        var gateway =
                yaml(
                        Files.readString(
                                Script.checkout()
                                        .resolve("kubernetes/components/gateway/gateway.yaml")));
        var route = issuer.at("/spec/acme/solvers/0/http01/gatewayHTTPRoute");
        var parent = route.at("/parentRefs/0");

        assertThat(issuer.at("/metadata/name"))
                .isEqualTo(gateway.at("/metadata/annotations/cert-manager.io~1cluster-issuer"));
        assertThat(route.path("serviceType").asText()).isEqualTo("ClusterIP");
        assertThat(parent.path("kind")).isEqualTo(gateway.path("kind"));
        assertThat(parent.path("name")).isEqualTo(gateway.at("/metadata/name"));
        // Each environment's own.
        assertThat(parent.has("namespace")).isFalse();
        assertThat(gateway.at("/spec/listeners"))
                .filteredOn(listener -> listener.path("name").equals(parent.path("sectionName")))
                .singleElement()
                .matches(listener -> listener.path("protocol").asText().equals("HTTP"));
    }

    /// Every step of the way is there, in order.
    @Test
    void theGuideGoesTheWholeWay() throws IOException {
        assertThat(
                        String.join(
                                "\n",
                                commands(
                                        Files.readString(
                                                Script.checkout()
                                                        .resolve("infra/aws/LAPTOP-TO-EKS.md")))))
                .containsSubsequence(
                        "infra/aws/up.sh --yes",
                        "infra/aws/operators.sh",
                        "release.sh bake",
                        "release.sh deploy dev",
                        "release.sh promote production",
                        "release.sh deploy production",
                        "release.sh roll-back production",
                        "infra/aws/down.sh --yes");
    }

    private static List<String> faults(String guide) throws Exception {
        var faults = new ArrayList<String>();
        for (var command : commands(guide)) {
            for (var match : FILE.matcher(command).results().toList()) {
                var path = Script.checkout().resolve(match.group(1));
                if (!Files.exists(path) && !neighbours(path)) {
                    faults.add("There is no " + match.group(1));
                }
            }
            for (var match : EDIT.matcher(command).results().toList()) {
                var path = Script.checkout().resolve(match.group(3));
                if (Files.exists(path) && !matches(match.group(2), path)) {
                    faults.add(match.group(3) + " has no " + match.group(2));
                }
            }
            for (var match : CALL.matcher(command).results().toList()) {
                var script = Script.checkout().resolve(match.group(1));
                if (Files.exists(script)) {
                    arguments(match.group(1), help(script), match.group(2), faults);
                }
            }
        }
        return faults;
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As sed sees it.
    private static boolean matches(String pattern, Path file) throws Exception {
        var process =
                new ProcessBuilder("grep", "-q", "-e", pattern, "--", file.toString()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(pattern).isLessThan(2);
        return process.exitValue() == 0;
    }

    private static void arguments(String script, String help, String given, List<String> faults) {
        if (help.isEmpty()) {
            return;
        }
        var value = false;
        for (var argument : given.strip().split("\\s+", -1)) {
            // The value of the option before it.
            var known =
                    value
                            || argument.isEmpty()
                            || argument.matches("[A-Z$\"#].*")
                            || takes(help, argument);
            if (!known) {
                faults.add(script + " does not take " + argument);
            }
            value = argument.startsWith("--") && help.matches("(?s).*" + argument + " [A-Z].*");
        }
    }

    private static boolean takes(String help, String argument) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(argument) + "(?![\\w-])")
                .matcher(help)
                .find();
    }

    /// A folder that another part brings: in a checkout without it, its files cannot be looked for.
    private static boolean neighbours(Path path) {
        for (var folder : List.of("kubernetes/components", "kubernetes/overlays", "infra/bakery")) {
            var root = Script.checkout().resolve(folder);
            if (path.startsWith(root) && !Files.isDirectory(root)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> commands(String guide) {
        return BLOCK.matcher(guide)
                .results()
                .flatMap(block -> block.group(1).lines())
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .toList();
    }

    private static String help(Path script) throws Exception {
        // It has none, and everything goes to Maven.
        if (script.endsWith("test.sh")) {
            return "";
        }
        var process =
                new ProcessBuilder("bash", script.toString(), "--help")
                        .redirectErrorStream(true)
                        .start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(script + " --help: " + said).isZero();
        return said;
    }
}
