package dev.quadrille.bakery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the scripts say and refuse, where nothing has to be baked for it.
class ScriptsTest {

    private static final Path ROOT = Path.of(System.getProperty("quadrille.root"));
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String OTHER = "sha256:" + "b".repeat(64);

    /// Knows images by what files of their names say, and copies by copying those.
    private static final String SKOPEO =
            """
            for last in "$@"; do :; done
            file() { echo "$STORE/$(echo "${1#docker://}" | tr '/:@' '___')"; }
            case $1 in
              inspect)
                echo "$*" >>"$STORE/asked"
                [ -z "$SILENT" ] || { echo "$SILENT" >&2 && exit 1; }
                cat "$(file "$last")" 2>/dev/null || { echo 'manifest unknown' >&2 && exit 1; } ;;
              copy)
                from=''
                for argument in "$@"; do
                  case $argument in docker://*) [ -n "$from" ] || from=$argument ;; esac
                done
                case " $* " in *' --preserve-digests '*) ;; *) exit 1 ;; esac
                echo "${SPOILS:-$(cat "$(file "$from")")}" >"$(file "$last")" ;;
            esac
            """;

    @TempDir private Path folder;
    private final Map<String, String> environment = new HashMap<>();

    private record Run(int exitCode, String said) {}

    @Test
    void versionsAreSemanticAndOfATagOrOfTheCommits() throws Exception {
        var checkout = Files.createDirectories(folder.resolve("checkout/infra/bakery"));
        Files.copy(ROOT.resolve("infra/bakery/version.sh"), checkout.resolve("version.sh"));
        Files.copy(ROOT.resolve("pom.xml"), folder.resolve("checkout/pom.xml"));
        var version = checkout.resolve("version.sh");
        assertThat(run(version).exitCode()).isEqualTo(2);

        git("init", "-q");
        git("add", ".");
        git("commit", "-q", "-m", "one");

        assertThat(run(version).said()).matches("\\d+\\.\\d+\\.\\d+-dev\\.1\\.g[0-9a-f]{12}\n");
        git("tag", "v1.2.3");
        git("tag", "very-good");
        assertThat(run(version).said()).isEqualTo("1.2.3\n");
        Files.writeString(folder.resolve("checkout/pom.xml"), "<p>\n  <version>7.0.0</version>");
        assertThat(run(version).said()).matches("7\\.0\\.0-dev\\.1\\.g[0-9a-f]{12}\\.dirty\n");
        // More lines than a pipe holds.
        for (int i = 0; i < 4000; i++) {
            Files.createFile(checkout.resolve("a-file-with-a-name-that-is-rather-long-" + i));
        }
        assertThat(run(version).said()).endsWith(".dirty\n");
        environment.put("QUADRILLE_VERSION", "2.0.0-rc.1");
        assertThat(run(version).said()).isEqualTo("2.0.0-rc.1\n");
        environment.put("QUADRILLE_VERSION", "latest");
        assertThat(run(version)).extracting(Run::exitCode).isEqualTo(2);
    }

    @Test
    void whatIsPromotedIsTheDigestThatWasBaked() throws Exception {
        skopeo();
        image("one/dev/quadrille/order@" + DIGEST, DIGEST);

        var run = promote(DIGEST);

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(store("one/staging/quadrille/order:1.0.0-jvm")).hasContent(DIGEST);
        assertThat(promote(DIGEST).said()).contains("is there already");
    }

    @Test
    void aDigestThatNobodyKnowsIsNotPromoted() throws Exception {
        skopeo();

        var unknown = promote(DIGEST);
        var none = promote("latest");

        assertThat(unknown.exitCode()).isEqualTo(3);
        assertThat(unknown.said()).contains("one/dev has no order with " + DIGEST);
        assertThat(none.exitCode()).isEqualTo(3);
    }

    @Test
    void aTagOfAnotherImageIsLeftAlone() throws Exception {
        skopeo();
        image("one/dev/quadrille/order@" + DIGEST, DIGEST);
        image("one/staging/quadrille/order:1.0.0-jvm", OTHER);

        var run = promote(DIGEST);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(store("one/staging/quadrille/order:1.0.0-jvm")).hasContent(OTHER);
    }

    @Test
    void aCopyThatComesOutOtherwiseIsAFault() throws Exception {
        skopeo();
        image("one/dev/quadrille/order@" + DIGEST, DIGEST);
        environment.put("SPOILS", OTHER);

        var run = promote(DIGEST);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains(OTHER + " after copying " + DIGEST);
    }

    @Test
    void aRegistryThatCannotBeAskedIsNotOneWithoutTheImage() throws Exception {
        skopeo();
        image("one/dev/quadrille/order@" + DIGEST, DIGEST);
        for (var reason : List.of("unauthorized: no", "docker-x: executable file not found")) {
            environment.put("SILENT", reason);

            var run = promote(DIGEST);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.said()).contains("could not be looked up: " + reason);
        }
        assertThat(store("one/staging/quadrille/order:1.0.0-jvm")).doesNotExist();
    }

    @Test
    void onlyThisMachineIsSpokenToWithoutTls() throws Exception {
        skopeo();
        program("trivy", "echo \"$@\" >>\"$STORE/asked\"");
        program("cosign", "echo \"$@\" >>\"$STORE/asked\"");
        var digests = digests(DIGEST).toString();
        for (var there : List.of("localhost.evil.example", "127.0.0.10:5000", "localhosts/dev")) {
            run(script("promote.sh"), digests, there, "two");
            run(script("scan.sh"), digests, there);
            run(script("sign.sh"), "--no-sbom", digests, there);
        }
        assertThat(folder.resolve("asked"))
                .content()
                .contains("--tls-verify=true")
                .doesNotContain("--tls-verify=false")
                .doesNotContain("insecure");
        for (var here : List.of("localhost", "localhost:5000/dev", "127.0.0.1/dev")) {
            Files.delete(folder.resolve("asked"));
            run(script("promote.sh"), digests, here, "two");
            run(script("scan.sh"), digests, here);
            run(script("sign.sh"), "--no-sbom", digests, here);

            assertThat(Files.readAllLines(folder.resolve("asked")))
                    .satisfiesExactly(
                            asked -> assertThat(asked).contains("--tls-verify=false"),
                            scanned -> assertThat(scanned).contains("--insecure"),
                            signed -> assertThat(signed).contains("--allow-insecure-registry"));
        }
    }

    @Test
    void nothingToLookAtIsRefused() throws Exception {
        skopeo();
        program("trivy", "exit 0");
        program("cosign", "exit 0");
        var digests = digests(DIGEST).toString();
        var none = Files.createFile(folder.resolve("digests-2.0.0.txt")).toString();
        for (var name : List.of("scan.sh", "sign.sh")) {
            var misspelt = run(script(name), digests, "one/dev", "oder");

            assertThat(misspelt.exitCode()).isEqualTo(2);
            assertThat(misspelt.said()).contains("has no image oder");
            assertThat(run(script(name), none, "one/dev").exitCode()).isEqualTo(2);
        }
        assertThat(run(script("promote.sh"), none, "one", "two").exitCode()).isEqualTo(3);
        assertThat(run(script("promote.sh"), digests, "one", "two", "oder").exitCode())
                .isEqualTo(3);
    }

    @Test
    void anImageWithoutItsSbomIsNotSigned() throws Exception {
        environment.put("PATH", tools() + ":" + System.getenv("PATH"));
        environment.put("STORE", folder.toString());
        program("cosign", "echo \"$@\" >>\"$STORE/asked\"");
        var digests =
                Files.writeString(
                        folder.resolve("digests-0.0.0-none.txt"),
                        "base 0.0.0-none %s\njobs 0.0.0-none %s\norder 0.0.0-none-jvm %s\n"
                                .formatted(DIGEST, OTHER, OTHER));

        for (var image : List.of("jobs 0.0.0-none", "order 0.0.0-none-jvm")) {
            var name = image.replaceFirst(" .*", "");
            var without = run(script("sign.sh"), digests.toString(), "one/dev", "base", name);

            assertThat(without.exitCode()).isEqualTo(2);
            assertThat(without.said()).contains(image + " has no SBOM");
        }
        assertThat(folder.resolve("asked")).doesNotExist();
        assertThat(run(script("sign.sh"), digests.toString(), "one/dev", "base").exitCode())
                .isZero();
        assertThat(run(script("sign.sh"), "--no-sbom", digests.toString(), "one/dev").exitCode())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("asked")))
                .hasSize(4)
                .allMatch(line -> line.startsWith("sign "));
    }

    @Test
    void withoutTheirToolsScanAndSignSaySoAndEndWithThree() throws Exception {
        var digests = digests(DIGEST);
        environment.put("PATH", tools().toString());

        var scan = run(script("scan.sh"), digests.toString(), "one/dev");
        var sign = run(script("sign.sh"), digests.toString(), "one/dev");

        assertThat(scan)
                .isEqualTo(
                        new Run(
                                3,
                                "Not scanned: there is no trivy here. Remedy: install Trivy.\n"));
        assertThat(sign)
                .isEqualTo(
                        new Run(
                                3,
                                "Not signed: there is no cosign here. Remedy: install cosign.\n"));
    }

    @Test
    void aScanFailsAsSoonAsOneImageDoesAndNamesDigests() throws Exception {
        environment.put("PATH", tools() + ":" + System.getenv("PATH"));
        program("trivy", "echo \"$@\" >>\"$STORE/asked\"; exit 1");
        environment.put("STORE", folder.toString());

        var scan = run(script("scan.sh"), digests(DIGEST).toString(), "one/dev");

        assertThat(scan.exitCode()).isEqualTo(1);
        assertThat(folder.resolve("asked")).content().contains("one/dev/quadrille/order@" + DIGEST);
    }

    @Test
    void whatTheTestOfImagesLeavesOutIsAFailureOfCi() throws Exception {
        for (var tool : List.of("uname", "sed", "head")) {
            Files.createSymbolicLink(tools().resolve(tool), Path.of("/usr/bin", tool));
        }
        environment.put("PATH", tools().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CI", "false");
        var here = run(script("test.sh"));
        environment.put("CI", "true");
        var there = run(script("test.sh"));

        assertThat(here.exitCode()).as(here.said()).isZero();
        assertThat(here.said()).startsWith("Left out: infra/bakery/test.sh needs docker-registry");
        assertThat(there.exitCode()).isEqualTo(1);
        assertThat(there.said()).contains("nothing may be left out with CI=true");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        var bake = script("bake.sh");

        assertThat(run(bake, "--flavour", "fast").exitCode()).isEqualTo(2);
        assertThat(run(bake, "--registry").exitCode()).isEqualTo(2);
        assertThat(run(bake, "--images", "orders").said()).contains("There is no image 'orders'");
        assertThat(run(bake, "--record", "jobs").said()).contains("There is no service 'jobs'");
        assertThat(run(bake, "--registry", "https://one").exitCode()).isEqualTo(2);
        assertThat(run(script("promote.sh"), "nothing.txt", "one", "two").exitCode()).isEqualTo(2);
        for (var name :
                List.of("bake", "promote", "scan", "sign", "structure", "lock", "roots", "load")) {
            assertThat(run(script(name + ".sh"), "--help"))
                    .satisfies(run -> assertThat(run.exitCode()).isZero())
                    .satisfies(run -> assertThat(run.said()).contains("Exit codes: 0"));
        }
    }

    /// An older skopeo speaks to its socket what a newer docker does not answer.
    @Test
    void dockerGetsImagesAsFiles() throws Exception {
        var bakery = Files.createDirectories(folder.resolve("checkout/infra/bakery"));
        for (var name : List.of("load.sh", "digests.sh", "version.sh")) {
            Files.copy(script(name), bakery.resolve(name));
        }
        var images = Files.createDirectories(bakery.resolve("target/images"));
        Files.writeString(
                bakery.resolve("target/digests-1.0.0.txt"),
                "base-jvm 1.0.0 %s\norder 1.0.0-jvm %s\n".formatted(OTHER, DIGEST));
        Files.writeString(images.resolve("index.json"), DIGEST);
        var archive = images.resolve("order-jvm.tar").toString();
        assertThat(
                        run(List.of(
                                        "/usr/bin/env",
                                        "tar",
                                        "-cf",
                                        archive,
                                        "-C",
                                        images.toString(),
                                        "index.json"))
                                .exitCode())
                .isZero();
        environment.put("PATH", tools() + ":" + System.getenv("PATH"));
        environment.put("STORE", folder.toString());
        environment.put("QUADRILLE_VERSION", "1.0.0");
        program("docker", "[ \"$1\" = info ] || echo \"docker $*\" >>\"$STORE/asked\"");
        program("skopeo", "echo \"skopeo $*\" >>\"$STORE/asked\"");

        var run = run(bakery.resolve("load.sh"), "docker");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("quadrille/order:1.0.0-jvm").doesNotContain("base-jvm");
        var loading = images.resolve("loading");
        assertThat(Files.readAllLines(folder.resolve("asked")))
                .containsExactly(
                        "skopeo copy --quiet oci-archive:%s docker-archive:%s:quadrille/order:1.0.0-jvm"
                                .formatted(archive, loading),
                        "docker load --quiet --input " + loading);
    }

    @Test
    void aNativeImageOfOtherSourcesIsNotBaked() throws Exception {
        for (var file :
                List.of(
                        "pom.xml",
                        "infra/local/jdk.sh",
                        "infra/bakery/bake.sh",
                        "infra/bakery/debian.sh",
                        "infra/bakery/version.sh")) {
            var copy = folder.resolve("checkout").resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(ROOT.resolve(file), copy);
        }
        var bake = folder.resolve("checkout/infra/bakery/bake.sh");
        var built = folder.resolve("checkout/services/order/target/native-revision");
        Files.createDirectories(built.getParent());
        Files.writeString(folder.resolve("checkout/.gitignore"), "target/\n");
        git("init", "-q");
        git("add", ".");
        git("commit", "-q", "-m", "one");
        environment.put("PATH", tools() + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        program("mvn", "echo 'Maven is asked'; exit 1");
        String[] order = {"--flavour", "native", "--images", "order"};

        assertThat(run(bake, order).said()).contains("of other sources (commit unknown)");
        var revision = run(inCheckout("rev-parse", "HEAD")).said();
        Files.writeString(built, revision);
        Files.writeString(folder.resolve("checkout/builder-image.lock"), "digest");
        git("add", ".");
        git("commit", "-q", "-m", "what is no source of it");
        var same = run(bake, order);
        Files.writeString(folder.resolve("checkout/services/order/Order.java"), "class Order {}");
        git("add", ".");
        git("commit", "-q", "-m", "what is one");
        var other = run(bake, order);

        assertThat(same.exitCode()).as(same.said()).isEqualTo(1);
        assertThat(same.said()).contains("Building (log:");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.said())
                .contains("order's native image is of other sources (commit " + revision.strip())
                .contains("Remedy: ./native-build.sh order");
    }

    @Test
    void lockedPackagesAreNamedByVersionAndSum() throws IOException {
        for (var image : List.of("base", "base-native")) {
            var lock = Files.readAllLines(ROOT.resolve("infra/bakery/" + image + "/packages.lock"));
            var wanted = Files.readAllLines(ROOT.resolve("infra/bakery/" + image + "/packages"));

            assertThat(lock).anyMatch(line -> line.matches("epoch \\d+"));
            assertThat(lock.stream().filter(line -> line.startsWith("amd64 ")))
                    .allMatch(line -> line.matches("amd64 \\S+ \\S+ [0-9a-f]{64}"))
                    .extracting(line -> line.split(" ")[1])
                    .containsExactlyElementsOf(wanted);
        }
    }

    private Run promote(String digest) throws Exception {
        return run(script("promote.sh"), digests(digest).toString(), "one/dev", "one/staging");
    }

    private Path digests(String digest) throws IOException {
        return Files.writeString(
                folder.resolve("digests-1.0.0.txt"), "order 1.0.0-jvm " + digest + "\n");
    }

    private void skopeo() throws IOException {
        environment.put("PATH", tools() + ":" + System.getenv("PATH"));
        environment.put("STORE", folder.toString());
        program("skopeo", SKOPEO);
    }

    private void image(String reference, String digest) throws IOException {
        Files.writeString(store(reference), digest);
    }

    private Path store(String reference) {
        return folder.resolve(reference.replaceAll("[/:@]", "_"));
    }

    private Path tools() throws IOException {
        var tools = Files.createDirectories(folder.resolve("tools"));
        for (var tool : List.of("bash", "dirname", "cat", "env")) {
            if (Files.notExists(tools.resolve(tool))) {
                Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
            }
        }
        return tools;
    }

    private void program(String name, String script) throws IOException {
        var file = Files.writeString(tools().resolve(name), "#!/bin/bash\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void git(String... arguments) throws Exception {
        assertThat(run(inCheckout(arguments)).exitCode()).isZero();
    }

    private List<String> inCheckout(String... arguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                "/usr/bin/env",
                                "git",
                                "-c",
                                "user.name=a",
                                "-c",
                                "user.email=a@b",
                                "-C",
                                folder.resolve("checkout").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path script(String name) {
        return ROOT.resolve("infra/bakery").resolve(name);
    }

    private Run run(Path script, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("/bin/bash", script.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Run run(List<String> command) throws Exception {
        var console = folder.resolve("console.txt");
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(console.toFile());
        builder.environment().remove("QUADRILLE_VERSION");
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(console));
    }
}
