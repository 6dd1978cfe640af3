package dev.quadrille.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// A service that only says what it was given, and that it is ready.
final class StandIn {

    private StandIn() {}

    public static void main(String[] arguments) throws IOException {
        if (Boolean.getBoolean("standin.broken")) {
            System.err.println("INFO  starting");
            System.err.println("ERROR the database is on fire");
            System.err.println("INFO  stopped");
            System.exit(1);
        }
        new TreeMap<>(System.getenv())
                .forEach((name, value) -> System.err.println(name + "=" + value));
        System.getProperties()
                .forEach((name, value) -> {
                    if (name.toString().startsWith("standin.")) {
                        System.err.println(name + "=" + value);
                    }
                });
        var server =
                HttpServer.create(
                        new InetSocketAddress(
                                System.getenv("QUARKUS_HTTP_HOST"),
                                Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"))),
                        0);
        server.createContext(
                "/q/health/ready",
                exchange -> {
                    byte[] body = "UP".getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
    }

    /// Puts itself where the launcher looks for a service's build.
    static void buildIn(Path root, Part service) throws IOException {
        Path jar =
                root.resolve("services/" + service.title() + "/target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        String entry = StandIn.class.getName().replace('.', '/') + ".class";
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream code = StandIn.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new ZipEntry(entry));
            code.transferTo(out);
            out.closeEntry();
        }
    }
}
