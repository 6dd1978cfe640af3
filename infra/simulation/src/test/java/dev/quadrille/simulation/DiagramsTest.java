package dev.quadrille.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// services/STATES.md shows what the deciders do. `-Dquadrille.diagrams.write=true` writes it anew.
class DiagramsTest {

    private static final Path FILE =
            Path.of(System.getProperty("quadrille.root", "."), "services", "STATES.md");
    private static final int SEEDS = 3_000;
    private static final String HEAD =
            """
            # How the states move

            Drawn by `DiagramsTest` of infra/simulation from the deciders themselves: every state and every way between
            them, with its inputs and, after the stroke, what is announced. It tries each input on each state, so there
            are ways that nothing takes as long as the network keeps its promises, such as that of a cancellation which
            comes before its order. The tables in the deciders' class comments say the rest: what is ignored, and what is
            rejected; and how webhooks move (`EndpointDecider`, `DeliveryDecider`). Do not edit; after a change run
            `./test.sh -pl infra/simulation -am -Dtest=DiagramsTest -Dsurefire.failIfNoSpecifiedTests=false -Dquadrille.diagrams.write=true`.
            """;

    @Test
    void theDiagramsShowWhatTheDecidersDo() throws IOException {
        var diagrams = new Diagrams();
        // The rare ways by trying all, those of several lines and of mails by chance.
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.run(seed, diagrams);
        }
        Exploration.explore(diagrams, List.of(new Allowed(1, 1, 1, 0, 1, 0, 1, true)), 1, true);
        diagrams.tryEverything();
        var drawn = HEAD + diagrams.markdown();
        if (Boolean.getBoolean("quadrille.diagrams.write")) {
            Files.writeString(FILE, drawn);
        }

        assertThat(FILE).hasContent(drawn);
    }
}
