package dev.quadrille.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrateTest {

    private static final Path ROOT = Path.of(System.getProperty("quadrille.root"));
    private static final Pattern NAME = Pattern.compile("V([0-9]{4})__[a-z_]+\\.sql");

    private static final Map<String, String> SETTINGS =
            Map.of("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://localhost:1/order");

    @Test
    void wrongUseHasAnExitCodeOfItsOwn() {
        assertThat(Migrate.run(List.of(), SETTINGS)).isEqualTo(2);
        assertThat(Migrate.run(List.of("orders"), SETTINGS)).isEqualTo(2);
        assertThat(Migrate.run(List.of("order"), Map.of())).isEqualTo(2);
        assertThat(Migrate.run(List.of("order", "payment"), SETTINGS)).isEqualTo(2);
    }

    /// They share one history table, so no two may have the same number.
    @Test
    void noTwoMigrationsOfADatabaseHaveTheSameNumber() throws IOException {
        for (var service : Migrations.services()) {
            var numbers = new ArrayList<String>();
            for (var folder : new Migrations(ROOT).folders(service)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (var file : files.toList()) {
                        var name = NAME.matcher(file.getFileName().toString());
                        assertThat(name.matches()).as(file.toString()).isTrue();
                        numbers.add(name.group(1));
                    }
                }
            }
            assertThat(numbers).as(service).isNotEmpty().doesNotHaveDuplicates();
        }
    }
}
