package dev.quadrille.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a script of this repository on a PATH that has nothing but a shell's tools and what a test
/// puts there: stand-ins of programs that nobody has here, or that would cost something.
public final class Script {

    private static final List<String> TOOLS =
            List.of(
                    "awk", "base64", "bash", "cat", "cmp", "cp", "cut", "date", "dirname", "env",
                    "find", "getconf", "grep", "head", "ls", "mkdir", "mktemp", "ps", "rm", "sed",
                    "sh", "sleep", "sort", "sysctl", "tail", "tee", "tr", "uname", "wc");

    private static final List<String> FOLDERS = List.of("/bin", "/usr/bin", "/sbin", "/usr/sbin");

    private final Path root;
    private final Path tools;
    private final Map<String, String> environment = new HashMap<>();

    /// @param said on both of its streams, as they came
    public record Run(int exitCode, String said) {}

    /// @param root becomes a checkout with the files and folders named
    public Script(Path root, String... paths) throws IOException {
        this.root = root;
        tools = Files.createDirectory(root.resolve("tools"));
        for (var path : paths) {
            try (var files = Files.walk(checkout().resolve(path))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var copy = root.resolve(checkout().relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        environment.put("PATH", tools + ":" + shell());
        environment.put("HOME", root.toString());
        environment.put("ROOT", root.toString());
        environment.put("TMPDIR", root.toString());
    }

    /// A folder of nothing but links to a shell's tools. One for all tests: JUnit would warn of
    /// each link in a test's own.
    private static Path shell() throws IOException {
        var folder = Files.createDirectories(Path.of("target/shell-tools").toAbsolutePath());
        for (var tool : TOOLS) {
            for (var place : FOLDERS) {
                var real = Path.of(place, tool);
                if (Files.isExecutable(real) && Files.notExists(folder.resolve(tool))) {
                    Files.createSymbolicLink(folder.resolve(tool), real);
                }
            }
        }
        return folder;
    }

    /// The repository that is tested.
    public static Path checkout() {
        return Path.of(System.getProperty("quadrille.root"));
    }

    public Script with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// A program on the PATH. It writes down what it was called with, and then does what the script
    /// says.
    public Script program(String name, String script) throws IOException {
        return file(
                tools.resolve(name),
                "echo \"" + name + " $*\" >>\"$ROOT/calls.txt\"\n" + script + "\n");
    }

    /// A script of the checkout, stood in for in the same way.
    public Script script(String path, String script) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        return file(
                root.resolve(path),
                "echo \"" + path + " $*\" >>\"$ROOT/calls.txt\"\n" + script + "\n");
    }

    /// The program of this machine.
    public Script linked(String name) throws IOException {
        return file(tools.resolve(name), "exec /usr/bin/" + name + " \"$@\"\n");
    }

    /// What stand-ins were called with, in order, without this test's folders.
    public List<String> calls() throws IOException {
        var calls = root.resolve("calls.txt");
        return Files.exists(calls)
                ? Files.readString(calls).replace(root + "/", "").lines().toList()
                : List.of();
    }

    public Run run(String script, String... arguments) throws IOException, InterruptedException {
        return runIn(Path.of("").toAbsolutePath(), root.resolve(script).toString(), arguments);
    }

    /// By its name alone, from the folder that it is in.
    public Run runBeside(String script, String... arguments)
            throws IOException, InterruptedException {
        var path = root.resolve(script);
        return runIn(path.getParent(), "./" + path.getFileName(), arguments);
    }

    private Run runIn(Path folder, String script, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/bash", script));
        command.addAll(List.of(arguments));
        var console = root.resolve("console.txt");
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(console.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("It does not end. It said: " + Files.readString(console));
        }
        return new Run(process.exitValue(), Files.readString(console));
    }

    private Script file(Path path, String script) throws IOException {
        Files.writeString(path, "#!/bin/bash\n" + script);
        if (!path.toFile().setExecutable(true)) {
            throw new IOException("Not executable: " + path);
        }
        return this;
    }
}
