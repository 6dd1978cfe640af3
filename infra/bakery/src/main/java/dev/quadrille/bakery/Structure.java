package dev.quadrille.bakery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/// What an image has to be like before anybody may have it.
final class Structure {

    static final String USER = "65532:65532";

    /// What a service is made of, for who has nothing but its image.
    static final String SBOM = "/app/sbom.json";

    private static final String CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";
    private static final int LEAST_CERTIFICATES = 100;
    private static final List<String> TIME_ZONES =
            List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");
    private static final Set<String> SHARED_FOLDERS = Set.of("tmp");
    private static final Set<String> SHELLS =
            Set.of("sh", "bash", "dash", "ash", "zsh", "ksh", "csh", "fish", "busybox", "toybox");
    private static final Set<String> INSTALLERS =
            Set.of(
                    "apt",
                    "apt-get",
                    "dpkg",
                    "apk",
                    "rpm",
                    "dnf",
                    "microdnf",
                    "yum",
                    "pip",
                    "curl",
                    "wget");
    private static final Set<String> LABELS =
            Set.of(
                    "title",
                    "description",
                    "version",
                    "revision",
                    "created",
                    "licenses",
                    "base.name",
                    "base.digest");
    private static final String LABEL = "org.opencontainers.image.";

    private static final int SET_ID_BITS = 06000;
    private static final int STICKY_BIT = 01000;
    private static final int WRITABLE_BY_ALL = 0002;

    private final Contents image;
    private final List<String> faults = new ArrayList<>();

    private Structure(Contents image) {
        this.image = image;
    }

    /// What is wrong with an image that others are built upon, a sentence each.
    static List<String> faultsOfBase(Contents image) {
        var structure = new Structure(image);
        structure.checkGround();
        return structure.faults;
    }

    /// What is wrong with an image that is to run.
    static List<String> faultsOfProgram(Contents image) {
        var structure = new Structure(image);
        structure.checkGround();
        structure.checkEntryPoint();
        structure.checkLabels();
        structure.checkSbom();
        return structure.faults;
    }

    private void checkSbom() {
        if (image.at(SBOM).filter(sbom -> !sbom.folder()).isEmpty()) {
            faults.add("There is no %s: nobody can tell what it is made of".formatted(SBOM));
        }
    }

    private void checkGround() {
        checkUser();
        checkFiles();
        checkCertificates();
        checkTimeZones();
        if (image.at("etc/os-release").isEmpty()) {
            faults.add("There is no /etc/os-release: scanners cannot tell what it is made of");
        }
        if (image.files().keySet().stream()
                .noneMatch(file -> file.startsWith("var/lib/dpkg/status.d/"))) {
            faults.add("/var/lib/dpkg/status.d names no package");
        }
    }

    private void checkUser() {
        var user = config().path("User").asText();
        if (!user.equals(USER)) {
            faults.add("It runs as '%s' and not as %s".formatted(user, USER));
        }
        for (var file : List.of("etc/passwd", "etc/group")) {
            if (text(file).lines().noneMatch(line -> line.startsWith("nonroot:x:65532:"))) {
                faults.add("/%s does not know nonroot, 65532".formatted(file));
            }
        }
    }

    private void checkFiles() {
        image.files().forEach(this::checkFile);
        for (var folder : SHARED_FOLDERS) {
            var entry = image.files().get(folder);
            if (entry == null || entry.mode() != (STICKY_BIT | 0777)) {
                faults.add("/%s is not a folder of everybody, 1777".formatted(folder));
            }
        }
    }

    private void checkFile(String path, Contents.Entry entry) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (entry.isLink()) {
            if (image.at(path).isEmpty() && !leadsToFolder(path, entry)) {
                faults.add("/%s points to nothing: %s".formatted(path, entry.link()));
            }
        } else {
            if ((entry.mode() & SET_ID_BITS) != 0) {
                faults.add("/%s is setuid or setgid".formatted(path));
            }
            if ((entry.mode() & WRITABLE_BY_ALL) != 0 && !SHARED_FOLDERS.contains(path)) {
                faults.add("/%s can be written by everybody".formatted(path));
            }
            if (entry.user() != 0 || entry.group() != 0) {
                faults.add(
                        "/%s belongs to %d:%d and not to root"
                                .formatted(path, entry.user(), entry.group()));
            }
        }
        if (!entry.folder() && SHELLS.contains(name)) {
            faults.add("/%s is a shell".formatted(path));
        }
        if (!entry.folder() && INSTALLERS.contains(name) && (entry.mode() & 0111) != 0) {
            faults.add("/%s fetches or installs things".formatted(path));
        }
    }

    private boolean leadsToFolder(String path, Contents.Entry entry) {
        var target = Path.of("/" + path).resolveSibling(entry.link()).normalize().toString();
        var below = target.substring(1) + "/";
        return image.files().keySet().stream().anyMatch(file -> file.startsWith(below));
    }

    private void checkCertificates() {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var all =
                    factory.generateCertificates(
                            new ByteArrayInputStream(
                                    text(CERTIFICATES).getBytes(StandardCharsets.US_ASCII)));
            if (all.size() < LEAST_CERTIFICATES) {
                faults.add("/%s has only %d certificates".formatted(CERTIFICATES, all.size()));
            }
        } catch (CertificateException e) {
            faults.add("/%s cannot be parsed: %s".formatted(CERTIFICATES, e.getMessage()));
        }
    }

    private void checkTimeZones() {
        for (var zone : TIME_ZONES) {
            if (!text("usr/share/zoneinfo/" + zone).startsWith("TZif")) {
                faults.add("There is no time zone " + zone);
            }
        }
    }

    private void checkEntryPoint() {
        var entryPoint =
                StreamSupport.stream(config().path("Entrypoint").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList();
        if (entryPoint.isEmpty()) {
            faults.add("It has no entry point");
            return;
        }
        var program = entryPoint.getFirst();
        if (!program.startsWith("/")
                || image.at(program).filter(Contents.Entry::isProgram).isEmpty()) {
            faults.add("Its entry point is no program that it has: " + program);
        }
        for (var argument : entryPoint) {
            if (argument.matches("/app/[^:*]+") || argument.startsWith("-XX:AOTCache=")) {
                var file = argument.substring(argument.indexOf('=') + 1);
                if (image.at(file).isEmpty()) {
                    faults.add("Its entry point names a file that it has not: " + file);
                }
            }
        }
    }

    private void checkLabels() {
        for (var label : LABELS) {
            if (config().path("Labels").path(LABEL + label).asText().isBlank()) {
                faults.add("It has no label " + LABEL + label);
            }
        }
    }

    private JsonNode config() {
        return image.config().path("config");
    }

    private String text(String path) {
        return image.at(path).map(Contents.Entry::content).orElse("");
    }
}
