package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcTest {

    @Test
    void aNameMayHoldParenthesesAndSpaces() {
        var stat =
                Proc.Stat.parse(
                        "17 (odd) name (x)) S 4 17 17 0 -1 4194560 9 0 0 0 250 30 20 7 20 0 1 0 5");

        assertThat(stat.name()).isEqualTo("odd) name (x)");
        assertThat(stat.parent()).isEqualTo(4);
        assertThat(stat.ownMs()).isEqualTo(2800);
        assertThat(stat.reapedMs()).isEqualTo(270);
    }

    @Test
    void ofResidentMemorySomeIsAnonymous() {
        var resident =
                Proc.Resident.parse(
                        List.of(
                                "55d0c0000000-7ffd00000000 ---p 00000000 00:00 0    [rollup]",
                                "Rss:               76800 kB",
                                "Pss:               70000 kB",
                                "Pss_Anon:           9999 kB",
                                "Anonymous:         10240 kB"));

        assertThat(resident.mebibytes()).isEqualTo(75);
        assertThat(resident.anonymousMebibytes()).isEqualTo(10);
    }

    @Test
    void theMemoryOfThisProcessCanBeRead() throws Exception {
        var resident = Proc.Resident.of(ProcessHandle.current().pid());

        assertThat(resident.anonymousBytes()).isPositive().isLessThan(resident.bytes());
    }

    @Test
    void idlingWaitingAndStolenTimeIsNotBusy() {
        assertThat(Proc.busyMs("cpu  100 20 30 9999 8888 4 5 7777 0 0")).isEqualTo(1590);
    }

    @Test
    void backendsAreNamedByWhatTheyAreAndNotByWhatTheyDo() {
        assertThat(Load.backend("postgres: order order 127.0.0.1(51234) COMMIT"))
                .isEqualTo("backend of order");
        assertThat(Load.backend("postgres: walwriter")).isEqualTo("walwriter");
        assertThat(Load.backend("postgres: io worker 1")).isEqualTo("io");
        assertThat(Load.backend("/x/bin/postgres -D /y -c port=1")).isEqualTo("postmaster");
    }

    @Test
    void theBusiestIsTheOneThatHadMostSince() {
        var before = Map.of("old/1", 1000L, "loop/2", 10L);
        var now = Map.of("old/1", 1010L, "loop/2", 90L, "new/3", 50L);

        assertThat(Load.busiest(now, before)).contains(new Used.One("loop", 80));
        assertThat(Load.busiest(Map.of(), Map.of())).isEmpty();
    }
}
