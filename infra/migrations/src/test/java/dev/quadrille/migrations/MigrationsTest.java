package dev.quadrille.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    private static final Path ROOT = Path.of(System.getProperty("quadrille.root"));
    private static final Pattern NAME = Pattern.compile("V([0-9]{4})__[a-z_]+\\.sql");

    /// They share one history table, so no two may have the same number.
    @Test
    void noTwoMigrationsOfADatabaseHaveTheSameNumber() throws IOException {
        for (var service : Migrations.services()) {
            var numbers = new ArrayList<String>();
            for (var module : Modules.of(service)) {
                var folder = new Migrations.InCheckout(ROOT).folder(module);
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
