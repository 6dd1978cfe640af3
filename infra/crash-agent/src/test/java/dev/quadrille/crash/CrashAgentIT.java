package dev.quadrille.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CrashAgentIT {

    private static final String POINT = CrashPoint.AFTER_COMMIT_BEFORE_PUBLISH.fileName();

    @TempDir private Path folder;
    private Process victim;
    private BufferedReader says;

    @BeforeEach
    void start() throws IOException {
        var agent = Path.of("target/quadrille-crash-agent.jar").toAbsolutePath();
        victim =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-javaagent:" + agent + "=" + folder,
                                "-cp",
                                Path.of("target/test-classes").toAbsolutePath().toString(),
                                Victim.class.getName())
                        .redirectError(folder.resolve("errors").toFile())
                        .start();
        says = victim.inputReader();
    }

    @AfterEach
    void end() throws Exception {
        victim.destroyForcibly().waitFor();
    }

    @Test
    void withoutAnOrderNothingHappens() throws Exception {
        assertThat(publish()).isEqualTo("published 4");
        assertThat(folder.resolve(POINT + CrashAgent.INSTRUMENTED)).exists();
        assertThat(victim.isAlive()).isTrue();
    }

    @Test
    void anOrderKillsTheProcessBeforeTheMethodRuns() throws Exception {
        publish();
        Files.createFile(folder.resolve(POINT));

        assertThat(publish()).isNull();

        assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(victim.exitValue()).isEqualTo(137);
        assertThat(folder.resolve(POINT)).doesNotExist();
    }

    @Test
    void aStoppedProcessGoesOnWhereItWas() throws Exception {
        publish();
        Files.createFile(folder.resolve(POINT + ".stop"));

        tell();
        while (!isStopped()) {
            assertThat(victim.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        new ProcessBuilder("kill", "-CONT", Long.toString(victim.pid())).start().waitFor();

        assertThat(says.readLine()).isEqualTo("published 4");
    }

    @Test
    void aPointWhoseMethodIsGoneIsSaidLoudly() throws Exception {
        publish();

        var point = CrashPoint.AFTER_PUBLISH_BEFORE_DELETE.fileName();
        assertThat(folder.resolve(point + CrashAgent.INSTRUMENTED)).doesNotExist();
        assertThat(folder.resolve(point + CrashAgent.MISSING)).content().contains("acknowledged");
        assertThat(folder.resolve("errors")).content().contains("no point " + point);
    }

    private String publish() throws IOException {
        tell();
        return says.readLine();
    }

    private void tell() throws IOException {
        victim.getOutputStream().write('\n');
        victim.getOutputStream().flush();
    }

    /// The third field of its line in /proc, after the name in parentheses.
    private boolean isStopped() throws IOException {
        var line = Files.readString(Path.of("/proc/" + victim.pid() + "/stat"));
        return line.charAt(line.lastIndexOf(')') + 2) == 'T';
    }
}
