package dev.quadrille.local;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The launcher: what `./run.sh` starts.
public final class Quadrille {

    private static final int WRONG_USE = 2;

    private Quadrille() {}

    public static void main(String[] arguments) throws InterruptedException {
        PartLog.begin();
        System.exit(run(List.of(arguments), new Console()));
    }

    private static int run(List<String> arguments, Console console) throws InterruptedException {
        Parsed<Settings> read = Settings.from(System.getenv(), root());
        switch (Command.parse(arguments)) {
            case Parsed.Wrong(var line) -> {
                console.fault(line);
                return WRONG_USE;
            }
            case Parsed.Good(Command.Help _) -> {
                return Help.print(console);
            }
            case Parsed.Good(var command) -> {
                switch (read) {
                    case Parsed.Wrong(var line) -> {
                        console.fault(line);
                        return WRONG_USE;
                    }
                    case Parsed.Good(var settings) -> {
                        try {
                            return carryOut(command, settings, console);
                        } catch (IOException e) {
                            console.fault(
                                    "The files in "
                                            + settings.home().folder()
                                            + " cannot be used: "
                                            + e
                                            + ". Remedy: set QUADRILLE_HOME to a folder of your"
                                            + " own.");
                            return 1;
                        }
                    }
                }
            }
        }
    }

    private static int carryOut(Command command, Settings settings, Console console)
            throws IOException, InterruptedException {
        Home home = settings.home();
        return switch (command) {
            case Command.Up up when up.detach() ->
                    Detached.start(up, Map.of(), home, settings.startTimeout(), console);
            case Command.Up up -> stay(up, settings, console);
            case Command.Stop _ -> Running.stop(home, console);
            case Command.Status _ -> Running.status(home, console);
            case Command.Logs(var instance, var follow) ->
                    Logs.print(home, instance, follow, console);
            case Command.Restart(var instance) ->
                    Running.restart(home, instance, settings, console);
            case Command.Demonstrate demo -> {
                int started =
                        Detached.start(
                                demo.up(),
                                Demo.stackEnvironment(),
                                home,
                                settings.startTimeout(),
                                console);
                var stack = StackState.read(home.folder());
                // It may have ended again in between, which the launcher has told.
                yield started == 0 && stack.isPresent() ? Demo.run(stack.get(), console) : started;
            }
            case Command.Migrate _ -> Migrating.again(settings, console);
            case Command.Recording recording -> Recording.run(recording, settings, console);
            case Command.Help _ -> Help.print(console);
        };
    }

    private static int stay(Command.Up up, Settings settings, Console console)
            throws IOException, InterruptedException {
        var flavoured = settings.with(up.flavour(), up.records());
        Parsed<Settings> fitting =
                up.freePorts()
                        ? new Parsed.Good<>(flavoured.withFreePorts(up.replicas(), Ports.free()))
                        : flavoured.withReplicas(up.replicas());
        return switch (fitting) {
            case Parsed.Good(var fit) -> new Stack(up, fit, console).run();
            case Parsed.Wrong(var line) -> {
                console.fault(line);
                yield WRONG_USE;
            }
        };
    }

    /// The project's folder, unless the environment names another: where this jar lies in, as
    /// `infra/local/target/lib`; else here.
    private static Path root() {
        try {
            URI code = Quadrille.class.getProtectionDomain().getCodeSource().getLocation().toURI();
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
