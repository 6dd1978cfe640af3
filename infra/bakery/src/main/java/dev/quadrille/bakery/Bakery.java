package dev.quadrille.bakery;

import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import dev.quadrille.bakery.Oven.Baked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What `bake.sh` runs: bakes bases, or images upon them, looks at each, and pushes those that are
/// as they should be. No base is pushed before all bases have been looked at, and no image before
/// all images have; the bases are pushed first, since the images name them by digest.
///
/// Exit codes: 0 baked, 1 an image is not as it should be, 2 the command makes no sense or
/// something is missing, 4 a tag stands for another image already.
public final class Bakery {

    private static final int FAULTY = 1;
    private static final int USAGE = 2;

    /// The time that every file of a service has, and the one that the JVM compares when it is
    /// given an AOT cache: recorded with other times, the cache is not taken.
    private static final Instant FILE_TIME = Instant.ofEpochSecond(1);

    private static final String CACHE = "app.aot";

    private static final List<String> BASES = List.of("base", "base-native", "base-jvm");
    private static final List<String> SERVICES =
            List.of("order", "inventory", "payment", "notification");
    private static final List<String> PROGRAMS = List.of("jobs", "payment-sandbox");

    /// JDK 25 warns at each start with a cache that it finds an adapter of its own under another
    /// name.
    private static final List<String> QUIET =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching");

    private final Wish wish;
    private final Descriptions descriptions;
    private final Oven oven;

    private Bakery(Wish wish) throws IOException {
        this.wish = wish;
        this.descriptions = Descriptions.of(wish.root());
        this.oven = new Oven(wish);
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) throws IOException, InterruptedException {
        if (!arguments.isEmpty() && arguments.getFirst().equals("structure")) {
            return look(arguments.subList(1, arguments.size()));
        }
        if (arguments.size() == 2 && arguments.getFirst().equals("touch")) {
            touch(Path.of(arguments.get(1)));
            return 0;
        }
        try {
            return new Bakery(Wish.of(arguments)).bake();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return USAGE;
        } catch (Refusal e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        }
    }

    /// Gives all files below a folder the time that they have in an image.
    private static void touch(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(FILE_TIME));
            }
        }
    }

    private static int look(List<String> files) throws IOException {
        int faulty = 0;
        for (var file : files) {
            var name = String.valueOf(Path.of(file).getFileName());
            var image = Contents.of(Path.of(file));
            var faults = faults(name.replaceFirst("(-jvm|-native)?\\.tar$", ""), image);
            faulty += faults.isEmpty() ? 0 : 1;
            say(name, image, faults);
        }
        return faulty == 0 ? 0 : FAULTY;
    }

    private static List<String> faults(String name, Contents image) {
        return BASES.contains(name)
                ? Structure.faultsOfBase(image)
                : Structure.faultsOfProgram(image);
    }

    private static void say(String name, Contents image, List<String> faults) {
        if (faults.isEmpty()) {
            System.out.println(
                    "  %-16s as it should be: %d files".formatted(name, image.files().size()));
        }
        for (var fault : faults) {
            System.err.println("%s: %s".formatted(name, fault));
        }
    }

    private int bake() throws IOException, InterruptedException {
        var all =
                switch (wish.kind()) {
                    case BASES -> bakeBases();
                    case JVM -> bakeForJvm();
                    case NATIVE -> bakeNative();
                };
        int faulty = 0;
        for (var baked : all) {
            var image = Contents.of(baked.file());
            var faults = faults(baked.name(), image);
            say(baked.name(), image, faults);
            faulty += faults.isEmpty() ? 0 : 1;
        }
        if (faulty > 0) {
            System.err.println("Nothing was pushed: see above.");
            return FAULTY;
        }
        for (var baked : all) {
            if (wish.registry().isPresent()) {
                oven.push(baked, wish.registry().get());
            }
            wish.digests().put(baked.name(), baked.tag(), baked.digest());
        }
        return 0;
    }

    private List<Baked> bakeBases() throws IOException, InterruptedException {
        var all = new ArrayList<Baked>();
        for (var name : BASES) {
            Path tar = scratch(name);
            Files.createDirectories(tar.getParent());
            var layers = new ArrayList<>(List.of(wish.work().resolve("roots/base")));
            if (!name.equals("base")) {
                layers.add(wish.work().resolve("roots").resolve(name));
            }
            // Not of a version of the project: what has not changed keeps its digest.
            var labels =
                    Map.of(
                            "org.opencontainers.image.title", descriptions.title(name),
                            "org.opencontainers.image.description", descriptions.description(name),
                            "org.opencontainers.image.created", wish.created().toString());
            var environment =
                    new ArrayList<>(List.of("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"));
            if (name.equals("base-jvm")) {
                environment.add("JAVA_HOME=/opt/java");
                environment.add("PATH=/opt/java/bin");
            }
            var config =
                    new TreeMap<String, Object>(
                            Map.of(
                                    "User",
                                    Structure.USER,
                                    "WorkingDir",
                                    "/app",
                                    "Env",
                                    environment,
                                    "Labels",
                                    new TreeMap<>(labels)));
            BaseImage.write(layers, config, wish.architecture(), wish.created(), tar);
            all.add(oven.bake(name, wish.version(), () -> base(tar, wish.created())));
        }
        return all;
    }

    static JibContainerBuilder base(Path scratch, Instant made) {
        return Jib.from(TarImage.at(scratch)).setFormat(ImageFormat.OCI).setCreationTime(made);
    }

    private Path scratch(String base) {
        return wish.work().resolve("images").resolve(base + ".scratch");
    }

    private List<Baked> bakeForJvm() throws IOException, InterruptedException {
        var all = new ArrayList<Baked>();
        for (var service : SERVICES) {
            Path app = wish.root().resolve("services/" + service + "/target/quarkus-app");
            if (!wish.wants(service)) {
                continue;
            }
            if (Files.notExists(app.resolve("quarkus-run.jar"))) {
                throw Refusal.missing(
                        service + " is not built. Remedy: bake.sh without --no-build");
            }
            if (wish.recording().isPresent() && recorded(service).isEmpty()) {
                System.out.println(
                        "  %-16s without an AOT cache: none was recorded".formatted(service));
            }
            all.add(oven.bake(service, wish.version() + "-jvm", () -> service(service, app)));
        }
        all.addAll(bakePrograms());
        return all;
    }

    private List<Baked> bakeNative() throws IOException, InterruptedException {
        var all = new ArrayList<Baked>();
        for (var service : SERVICES) {
            if (!wish.wants(service)) {
                continue;
            }
            var binary = binary(service);
            all.add(
                    oven.bake(
                            service,
                            wish.version() + "-native",
                            () -> nativeService(service, binary)));
        }
        all.addAll(bakePrograms());
        return all;
    }

    /// Those that run on the JVM whatever the services do: a deployment needs its jobs.
    private List<Baked> bakePrograms() throws IOException, InterruptedException {
        var all = new ArrayList<Baked>();
        for (var program : PROGRAMS) {
            if (!wish.wants(program)) {
                continue;
            }
            if (descriptions.jarFolders(program).stream().anyMatch(Files::notExists)) {
                throw Refusal.missing(
                        program + " is not built. Remedy: bake.sh without --no-build");
            }
            all.add(oven.bake(program, wish.version(), () -> program(program)));
        }
        return all;
    }

    /// What lies in the folder itself: below it are things that native-image and Quarkus leave.
    private Path binary(String service) throws IOException {
        Path target = wish.root().resolve("services/" + service + "/target");
        var found =
                filesIn(target).stream()
                        .filter(file ->
                                String.valueOf(file.getFileName()).matches(service + "-.*-runner"))
                        .toList();
        if (found.size() != 1) {
            throw Refusal.missing(
                    "There %s of %s. Remedy: ./native-build.sh"
                            .formatted(
                                    found.isEmpty()
                                            ? "is no native image"
                                            : "are " + found.size() + " native images",
                                    service));
        }
        return found.getFirst();
    }

    /// The folder with a service's AOT cache, if it has one.
    private Optional<Path> recorded(String service) {
        return wish.recording()
                .map(root -> root.resolve("services/" + service + "/target/quarkus-app"))
                .filter(folder -> Files.exists(folder.resolve(CACHE)));
    }

    /// Layers from what hardly ever changes to what always does; the cache is the last, since it
    /// can be none of the others without its own.
    private JibContainerBuilder service(String service, Path app) throws IOException {
        var entryPoint = new ArrayList<>(descriptions.jvmOptions());
        var layers = new ArrayList<FileEntriesLayer>();
        var libraries = filesBelow(app.resolve("lib"));
        Predicate<Path> own = jar -> String.valueOf(jar.getFileName()).startsWith("dev.quadrille.");
        layers.add(layer("libraries", app, libraries.stream().filter(own.negate()).toList()));
        layers.add(layer("own libraries", app, libraries.stream().filter(own).toList()));
        var rest = new ArrayList<>(filesBelow(app.resolve("app")));
        rest.addAll(filesBelow(app.resolve("quarkus")));
        rest.add(app.resolve("quarkus-run.jar"));
        layers.add(layer("application", app, rest));
        layers.add(sbom(service, app.resolveSibling("quarkus-run-cyclonedx.json")));
        var recording = recorded(service);
        if (recording.isPresent()) {
            entryPoint.add("-XX:AOTCache=/app/" + CACHE);
            entryPoint.addAll(QUIET);
            layers.add(
                    layer("aot cache", recording.get(), List.of(recording.get().resolve(CACHE))));
        }
        var whole = descriptions.jvmEntryPoint();
        entryPoint.addAll(whole.subList(whole.indexOf("-jar"), whole.size()));
        return upon("base-jvm", service)
                .setFileEntriesLayers(layers)
                .setEntrypoint(entryPoint)
                .addExposedPort(Port.tcp(descriptions.port(service)));
    }

    private JibContainerBuilder nativeService(String service, Path binary) throws IOException {
        var entryPoint = descriptions.nativeEntryPoint();
        var layers = new ArrayList<FileEntriesLayer>();
        layers.add(
                FileEntriesLayer.builder()
                        .setName("application")
                        .addEntry(
                                binary,
                                AbsoluteUnixPath.get(entryPoint.getFirst()),
                                FilePermissions.fromOctalString("755"),
                                FILE_TIME)
                        .build());
        layers.add(sbom(service, binary.resolveSibling(binary.getFileName() + "-cyclonedx.json")));
        return upon("base-native", service)
                .setFileEntriesLayers(layers)
                .setEntrypoint(entryPoint)
                .addExposedPort(Port.tcp(descriptions.port(service)));
    }

    private JibContainerBuilder program(String program) throws IOException {
        var layer = FileEntriesLayer.builder().setName("application");
        for (var folder : descriptions.jarFolders(program)) {
            try (var files = Files.list(folder)) {
                for (var jar :
                        files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                    layer.addEntry(
                            jar,
                            AbsoluteUnixPath.get("/app/lib/" + jar.getFileName()),
                            FilePermissions.DEFAULT_FILE_PERMISSIONS,
                            FILE_TIME);
                }
            }
        }
        var entryPoint = new ArrayList<>(descriptions.jvmOptions());
        entryPoint.addAll(List.of("-cp", "/app/lib/*", descriptions.main(program)));
        var builder =
                upon("base-jvm", program)
                        .addFileEntriesLayer(layer.build())
                        .addFileEntriesLayer(sbom(program, descriptions.sbom(program)))
                        .setEntrypoint(entryPoint);
        descriptions.programPort(program).map(Port::tcp).ifPresent(builder::addExposedPort);
        return builder;
    }

    /// Upon a base that is named by its digest, of the registry if there is one.
    private JibContainerBuilder upon(String base, String name) throws IOException {
        var digest =
                wish.digests()
                        .of(base, wish.version())
                        .orElseThrow(() ->
                                Refusal.missing(
                                        base + " is not baked. Remedy: bake.sh bakes it first"));
        var builder =
                wish.registry().isPresent()
                        ? Jib.from(Oven.pinned(wish.registry().get(), base, digest))
                        : Jib.from(TarImage.at(scratch(base)));
        var labels = new TreeMap<String, String>();
        labels.put("title", descriptions.title(name));
        labels.put("description", descriptions.description(name));
        labels.put("version", wish.version());
        labels.put("revision", wish.revision());
        labels.put("created", wish.created().toString());
        labels.put("licenses", descriptions.license());
        labels.put("base.name", "quadrille/" + base + ":" + wish.version());
        labels.put("base.digest", digest);
        wish.source().ifPresent(source -> labels.put("source", source));
        labels.forEach(
                (label, value) -> builder.addLabel("org.opencontainers.image." + label, value));
        descriptions.environment(name).forEach(builder::addEnvironmentVariable);
        return builder.setUser(descriptions.user())
                .setWorkingDirectory(AbsoluteUnixPath.get("/app"))
                .setFormat(ImageFormat.OCI)
                .setCreationTime(wish.created());
    }

    private static FileEntriesLayer sbom(String image, Path file) {
        if (Files.notExists(file)) {
            throw Refusal.missing(
                    "%s has no SBOM: there is no %s. Remedy: build it again"
                            .formatted(image, file));
        }
        return FileEntriesLayer.builder()
                .setName("sbom")
                .addEntry(
                        file,
                        AbsoluteUnixPath.get(Structure.SBOM),
                        FilePermissions.DEFAULT_FILE_PERMISSIONS,
                        FILE_TIME)
                .build();
    }

    private static FileEntriesLayer layer(String name, Path root, List<Path> files) {
        var layer = FileEntriesLayer.builder().setName(name);
        for (var file : files) {
            layer.addEntry(
                    file,
                    AbsoluteUnixPath.get("/app").resolve(root.relativize(file)),
                    FilePermissions.DEFAULT_FILE_PERMISSIONS,
                    FILE_TIME);
        }
        return layer.build();
    }

    /// The files below a folder in their paths' order; none if there is no folder.
    private static List<Path> filesBelow(Path folder) throws IOException {
        return files(folder, Integer.MAX_VALUE);
    }

    /// Those that lie in it and in no folder of it.
    private static List<Path> filesIn(Path folder) throws IOException {
        return files(folder, 1);
    }

    private static List<Path> files(Path folder, int depth) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
