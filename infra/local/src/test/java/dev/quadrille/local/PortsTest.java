package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void aListeningSocketIsFoundInTheKernelsTable() {
        String line =
                "   3: 0100007F:3C48 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 "
                        + "       0 85314 1 0000000000000000 100 0 0 10 0";

        assertThat(Ports.socketListeningOn(15432, line)).contains("85314");
        assertThat(Ports.socketListeningOn(15433, line)).isEmpty();
    }

    @Test
    void aConnectionIsNoListeningSocket() {
        String line =
                "   3: 0100007F:3C48 0100007F:8C12 01 00000000:00000000 00:00000000 00000000     0 "
                        + "       0 85314 1 0000000000000000 100 0 0 10 0";

        assertThat(Ports.socketListeningOn(15432, line)).isEmpty();
    }

    @Test
    void aPortThatSomebodyListensOnIsTakenAndTheHolderIsNamed() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isTaken(socket.getLocalPort())).isTrue();
            assertThat(Ports.holder(socket.getLocalPort()))
                    .contains("java (process " + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void freePortsAreFreeAndDifferent() {
        var free = Ports.free();

        int one = free.getAsInt();
        int other = free.getAsInt();

        assertThat(one).isNotEqualTo(other);
        assertThat(Ports.isTaken(one)).isFalse();
    }
}
