package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsedTest {

    @Test
    void whatNobodyOfOursUsedWasUsedByOthers() {
        assertThat(used(400, 300, 100, 0, 0).others()).isEqualTo(0);
        assertThat(used(400, 300, 1000, 0, 0).others()).isEqualTo(300);
    }

    @Test
    void allCoresBusyIsALimit() {
        assertThat(used(1000, 800, 1900, 900, 0).limit())
                .startsWith("limit: CPU, all cores are busy; service 50 %, PostgreSQL 40 %");
    }

    @Test
    void oneBusyThreadIsALimitAlthoughACoreIdles() {
        assertThat(used(900, 100, 1000, 850, 0).limit())
                .startsWith("limit: one thread of the service");
    }

    @Test
    void oneBusyBackendIsALimitToo() {
        assertThat(used(100, 900, 1000, 50, 890).limit())
                .startsWith("limit: one process of PostgreSQL");
    }

    @Test
    void whereNothingIsBusyItWaits() {
        assertThat(used(300, 200, 500, 200, 200).limit()).startsWith("limit: waiting");
    }

    /// In a second, on two cores, beside nothing of Kafka's and the bench's.
    private static Used used(long service, long postgres, long machine, long thread, long backend) {
        return new Used(
                1000,
                service,
                postgres,
                0,
                0,
                machine,
                2,
                Optional.of(new Used.One("loop", thread)),
                Optional.of(new Used.One("backend of order", backend)));
    }
}
