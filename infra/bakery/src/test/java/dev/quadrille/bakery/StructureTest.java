package dev.quadrille.bakery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each rule is seen to find what it is there to find.
class StructureTest {

    private final Map<String, Contents.Entry> files = new TreeMap<>();
    private ObjectNode config;

    @BeforeEach
    void anImageAsItShouldBe() throws Exception {
        config = (ObjectNode) new ObjectMapper().readTree("{}");
        config.put("User", "65532:65532");
        config.putArray("Entrypoint").add("/opt/java/bin/java").add("-jar").add("/app/run.jar");
        var labels = config.putObject("Labels");
        for (var label :
                List.of(
                        "title",
                        "description",
                        "version",
                        "revision",
                        "created",
                        "licenses",
                        "base.name",
                        "base.digest")) {
            labels.put("org.opencontainers.image." + label, "something");
        }
        put("etc/passwd", 0644, "nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n");
        put("etc/group", 0644, "nonroot:x:65532:\n");
        put("etc/os-release", 0644, "ID=debian\n");
        put("etc/ssl/certs/ca-certificates.crt", 0644, certificates());
        for (var zone : List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")) {
            put("usr/share/zoneinfo/" + zone, 0644, "TZif2");
        }
        put("var/lib/dpkg/status.d/libc6", 0644, "Package: libc6\n");
        put("opt/java/bin/java", 0755, "");
        put("app/run.jar", 0644, "");
        put("app/sbom.json", 0644, "{}");
        files.put("tmp", new Contents.Entry(01777, 0, 0, true, "", ""));
    }

    @Test
    void anImageAsItShouldBeHasNoFault() {
        assertThat(faults()).isEmpty();
    }

    @Test
    void anotherUserIsFound() {
        config.put("User", "");
        put("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/false\n");

        assertThat(faults())
                .containsExactly(
                        "It runs as '' and not as 65532:65532",
                        "/etc/passwd does not know nonroot, 65532");
    }

    @Test
    void aShellIsFoundWhereverItIsAndEvenAsALink() {
        put("app/tools/bash", 0755, "");
        files.put("bin/sh", new Contents.Entry(0777, 0, 0, false, "/opt/java/bin/java", ""));

        assertThat(faults()).containsExactly("/app/tools/bash is a shell", "/bin/sh is a shell");
    }

    @Test
    void aPackageManagerIsFoundAndItsFolderIsNone() {
        put("usr/bin/apt-get", 0755, "");
        files.put("etc/apt", new Contents.Entry(0755, 0, 0, true, "", ""));

        assertThat(faults()).containsExactly("/usr/bin/apt-get fetches or installs things");
    }

    @Test
    void setuidAndSetgidAreFoundOnFilesAndFolders() {
        put("usr/bin/passwd", 04755, "");
        files.put("var/mail", new Contents.Entry(02775, 0, 0, true, "", ""));

        assertThat(faults())
                .containsExactly(
                        "/usr/bin/passwd is setuid or setgid", "/var/mail is setuid or setgid");
    }

    @Test
    void whatCanBeWrittenOrBelongsToTheUserIsFound() {
        put("app/open.txt", 0666, "");
        files.put("app/mine", new Contents.Entry(0755, 65532, 65532, true, "", ""));

        assertThat(faults())
                .containsExactly(
                        "/app/mine belongs to 65532:65532 and not to root",
                        "/app/open.txt can be written by everybody");
    }

    @Test
    void aTemporaryFolderThatIsNotEverybodysIsFound() {
        files.put("tmp", new Contents.Entry(0755, 0, 0, true, "", ""));

        assertThat(faults()).containsExactly("/tmp is not a folder of everybody, 1777");
    }

    @Test
    void certificatesThatAreFewOrNoneAreFound() {
        put("etc/ssl/certs/ca-certificates.crt", 0644, "");
        assertThat(faults())
                .containsExactly("/etc/ssl/certs/ca-certificates.crt has only 0 certificates");

        put(
                "etc/ssl/certs/ca-certificates.crt",
                0644,
                "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n");
        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("/etc/ssl/certs/ca-certificates.crt cannot be parsed");
    }

    @Test
    void aMissingTimeZoneALinkToNowhereAndUnknownPackagesAreFound() {
        files.remove("usr/share/zoneinfo/Europe/Berlin");
        files.remove("var/lib/dpkg/status.d/libc6");
        files.put("lib/libz.so", new Contents.Entry(0777, 0, 0, false, "libz.so.1", ""));

        assertThat(faults())
                .containsExactly(
                        "/lib/libz.so points to nothing: libz.so.1",
                        "There is no time zone Europe/Berlin",
                        "/var/lib/dpkg/status.d names no package");
    }

    @Test
    void anEntryPointThatIsNotThereAndAFileThatItWantsAreFound() {
        files.remove("app/run.jar");
        put("opt/java/bin/java", 0644, "");

        assertThat(faults())
                .containsExactly(
                        "Its entry point is no program that it has: /opt/java/bin/java",
                        "Its entry point names a file that it has not: /app/run.jar");
    }

    @Test
    void aMissingLabelIsFoundOnWhatRunsAndNotOnABase() {
        ((ObjectNode) config.get("Labels")).remove("org.opencontainers.image.base.digest");
        config.remove("Entrypoint");

        assertThat(faults())
                .containsExactly(
                        "It has no entry point",
                        "It has no label org.opencontainers.image.base.digest");
        assertThat(Structure.faultsOfBase(image())).isEmpty();
    }

    @Test
    void aMissingSbomIsFound() {
        files.remove("app/sbom.json");

        assertThat(faults())
                .containsExactly("There is no /app/sbom.json: nobody can tell what it is made of");
    }

    private List<String> faults() {
        return Structure.faultsOfProgram(image());
    }

    private Contents image() {
        return new Contents(
                new ObjectMapper().createObjectNode().set("config", config), new TreeMap<>(files));
    }

    private void put(String path, int mode, String content) {
        files.put(path, new Contents.Entry(mode, 0, 0, false, "", content));
    }

    /// Those that this JDK trusts.
    static String certificates() throws Exception {
        var file = Path.of(System.getProperty("java.home"), "lib/security/cacerts");
        var store = KeyStore.getInstance(file.toFile(), (char[]) null);
        var text = new StringBuilder();
        for (var alias : Collections.list(store.aliases())) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(
                            Base64.getMimeEncoder()
                                    .encodeToString(store.getCertificate(alias).getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return text.toString();
    }
}
