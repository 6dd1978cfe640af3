package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackStateTest {

    @TempDir private Path home;

    @Test
    void noStateMeansNoStack() {
        assertThat(StackState.read(home)).isEmpty();
    }

    @Test
    void aStateWhoseLauncherLivesIsRead() throws IOException {
        StackState.write(home, stateOf(Pid.of(ProcessHandle.current().pid()).orElseThrow()));

        StackState state = StackState.read(home).orElseThrow();

        assertThat(state.launcherState()).isEqualTo(StackState.Phase.READY);
        assertThat(state.state(Instance.first(Part.MAIL))).contains(PartState.READY);
        assertThat(state.state(Instance.first(Part.ORDER))).isEmpty();
        assertThat(state.port("mail.imap.port")).hasValue(11143);
        assertThat(state.isReady()).isTrue();
    }

    @Test
    void aProcessThatOnlyHasTheLaunchersNumberIsNotTheLauncher() throws IOException {
        var somebody = new Pid(ProcessHandle.current().pid(), "born at another time");
        StackState.write(home, stateOf(somebody));

        assertThat(StackState.read(home)).isEmpty();
    }

    private static Properties stateOf(Pid launcher) {
        var properties = new Properties();
        properties.setProperty("launcher.pid", Long.toString(launcher.number()));
        properties.setProperty("launcher.birth", launcher.birth());
        properties.setProperty("launcher.state", "READY");
        properties.setProperty("mail.state", "READY");
        properties.setProperty("mail.imap.port", "11143");
        return properties;
    }
}
