package dev.quadrille.local;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Stream;

/// A running stack as its launcher describes it in `stack.properties` in the stack's home. Other
/// programs know from it where the parts are.
///
/// The keys: `launcher.pid`, `launcher.state` ([Phase]), and for each process that was started, by
/// its title ([Instance#title]), such as `order` and `order-2`: `<title>.pid`, `<title>.port`,
/// `<title>.state` ([PartState]), `<title>.restarts`, `<title>.since`, `<title>.log` and
/// `<title>.address`; beside those `mail.imap.port` and `kafka.controller.port`.
public final class StackState {

    /// What the launcher is doing.
    public enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    private static final String FILE = "stack.properties";

    private final Path home;
    private final Properties properties;

    private StackState(Path home, Properties properties) {
        this.home = home;
        this.properties = properties;
    }

    /// @param home the stack's folder, `QUADRILLE_HOME`
    /// @return empty if no stack runs there: there is no state, or its launcher is dead
    public static Optional<StackState> read(Path home) {
        return readEvenIfDead(home).filter(StackState::isLauncherAlive);
    }

    public Path home() {
        return home;
    }

    public long launcherPid() {
        return Long.parseLong(properties.getProperty("launcher.pid", "0"));
    }

    public Phase launcherState() {
        return Phase.valueOf(properties.getProperty("launcher.state", Phase.STARTING.name()));
    }

    /// Whether the launcher and all that it started are ready, as far as the launcher knows.
    public boolean isReady() {
        return launcherState() == Phase.READY
                && instances()
                        .allMatch(instance -> state(instance).equals(Optional.of(PartState.READY)));
    }

    /// What this stack is made of, in the order in which it is started.
    public Stream<Instance> instances() {
        return Instance.all().filter(instance -> state(instance).isPresent());
    }

    /// @return empty if it is not one of this stack's
    public Optional<PartState> state(Instance instance) {
        return Optional.ofNullable(properties.getProperty(instance.title() + ".state"))
                .map(PartState::valueOf);
    }

    /// @return empty while it has no process
    public Optional<Long> pid(Instance instance) {
        return Optional.ofNullable(properties.getProperty(instance.title() + ".pid"))
                .map(Long::valueOf);
    }

    /// The one under which it is known.
    public OptionalInt port(Instance instance) {
        return port(instance.title() + ".port");
    }

    /// @param key such as `postgres.port` or `mail.imap.port`
    public OptionalInt port(String key) {
        String text = properties.getProperty(key);
        return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    public int restarts(Instance instance) {
        return Integer.parseInt(properties.getProperty(instance.title() + ".restarts", "0"));
    }

    /// When it last became ready.
    public Optional<Instant> since(Instance instance) {
        return Optional.ofNullable(properties.getProperty(instance.title() + ".since"))
                .map(Instant::parse);
    }

    /// Where a person or a client reaches it.
    public Optional<String> address(Instance instance) {
        return Optional.ofNullable(properties.getProperty(instance.title() + ".address"));
    }

    static Optional<StackState> readEvenIfDead(Path home) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve(FILE))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(new StackState(home, properties));
    }

    /// At once or not at all: a reader never sees half of it.
    static void write(Path home, Properties properties) throws IOException {
        var text = new StringWriter();
        properties.store(text, null);
        Path unfinished = home.resolve(FILE + ".unfinished");
        Files.writeString(unfinished, text.toString());
        Files.move(
                unfinished,
                home.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    static void delete(Path home) throws IOException {
        Files.deleteIfExists(home.resolve(FILE));
    }

    Pid launcher() {
        return process("launcher");
    }

    Pid guardian() {
        return process("guardian");
    }

    /// @return its process if it still lives
    Optional<Pid> process(Instance instance) {
        return pid(instance).map(_ -> process(instance.title())).filter(Pid::isAlive);
    }

    private Pid process(String who) {
        return new Pid(
                Long.parseLong(properties.getProperty(who + ".pid", "0")),
                properties.getProperty(who + ".birth", ""));
    }

    private boolean isLauncherAlive() {
        return launcher().isAlive();
    }
}
