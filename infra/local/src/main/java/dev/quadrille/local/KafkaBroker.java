package dev.quadrille.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// The process of the part kafka: formats its log folder if it is new, and then is Kafka.
final class KafkaBroker {

    /// Always the same, so that a format which was cut off can be done again.
    private static final String CLUSTER_ID = "UXVhZHJpbGxlTG9jYWwwMQ";

    private KafkaBroker() {}

    /// @param arguments the path of the broker's properties
    public static void main(String[] arguments) throws IOException {
        PartLog.begin("org.apache.kafka", "kafka");
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(reader);
        }
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            format(arguments[0]);
        }
        kafka.Kafka.main(arguments);
    }

    private static void format(String properties) {
        var said = new ByteArrayOutputStream();
        int exit =
                kafka.tools.StorageTool.execute(
                        new String[] {
                            "format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", properties
                        },
                        new PrintStream(said, true, UTF_8));
        if (exit != 0) {
            throw new IllegalStateException(
                    "Formatting the log folder failed: " + said.toString(UTF_8).strip());
        }
    }
}
