package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlavourTest {

    @TempDir Path root;

    @Test
    void whatWasNotBuiltIsReplacedByTheNextBest() throws IOException {
        assertThat(Flavour.NATIVE.built(root, "order")).isEqualTo(Flavour.JVM);
        assertThat(Flavour.AOT.built(root, "order")).isEqualTo(Flavour.JVM);

        create("services/order/target/quarkus-app/app.aot");

        assertThat(Flavour.NATIVE.built(root, "order")).isEqualTo(Flavour.AOT);
        assertThat(Flavour.NATIVE.built(root, "payment")).isEqualTo(Flavour.JVM);

        create("services/order/target/order-0.1.0-SNAPSHOT-runner.jar");
        assertThat(create("services/order/target/order-0.1.0-SNAPSHOT-runner").setExecutable(true))
                .isTrue();

        assertThat(Flavour.NATIVE.built(root, "order")).isEqualTo(Flavour.NATIVE);
        assertThat(Flavour.AOT.built(root, "order")).isEqualTo(Flavour.AOT);
        assertThat(Flavour.JVM.built(root, "order")).isEqualTo(Flavour.JVM);
    }

    @Test
    void theJvmsReasonForRejectingACacheIsFound() {
        assertThat(
                        ServiceStart.rejection(
                                List.of(
                                        "[0.005s][warning][aot] Unable to use AOT cache.",
                                        "[                    ] The AOT cache's setting (enabled)"
                                                + " does not equal the current setting (disabled).",
                                        "[0.005s][error  ][aot] An error has occurred")))
                .isEqualTo(
                        "The AOT cache's setting (enabled) does not equal the current setting"
                                + " (disabled).");
        assertThat(
                        ServiceStart.rejection(
                                List.of(
                                        "2026-11-21 19:55:11,037 INFO  something",
                                        "[0.079s][warning][aot] This file is not the one used:"
                                                + " 'x.jar', timestamp has changed",
                                        "[0.079s][error  ][aot] An error has occurred")))
                .isEqualTo("This file is not the one used: 'x.jar', timestamp has changed");
        assertThat(ServiceStart.rejection(List.of("2026-11-21 19:55:11,037 INFO  [aot] something")))
                .isEmpty();
    }

    private java.io.File create(String file) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.createFile(path).toFile();
    }
}
