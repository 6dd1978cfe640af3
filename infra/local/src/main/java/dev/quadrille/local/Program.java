package dev.quadrille.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What it takes to run a part: how it is started, when it is ready, what it then needs.
sealed interface Program permits Postgres, Kafka, JavaProgram, Service {

    int CONNECT_TIMEOUT_MS = 1000;
    int ANSWER_TIMEOUT_MS = 3000;

    Instance instance();

    /// Makes ready what the process needs on disk.
    ///
    /// @param guardian starts what else has to run for that
    /// @throws StartFault if it can never start like this
    Invocation prepare(Guardian guardian) throws StartFault, IOException, InterruptedException;

    /// Whether it does its work; soon, and false if that is not known.
    boolean answers();

    /// What it needs before others may use it, such as databases or topics. It may be there
    /// already.
    void provision() throws Exception;

    /// What a person can do when it does not come up.
    String remedy();

    /// Where it can be reached, in a form that a person can paste.
    String address();

    /// What is to be said of how it runs, once it is ready.
    default String remark(long pid) {
        return "";
    }

    default Signal endSignal() {
        return Signal.TERM;
    }

    static Program of(Instance instance, Settings settings) {
        return switch (instance.part()) {
            case POSTGRES -> new Postgres(settings);
            case KAFKA -> new Kafka(settings);
            case MAIL -> JavaProgram.mail(settings);
            case PAYMENT_SANDBOX -> JavaProgram.paymentSandbox(settings);
            case ORDER, INVENTORY, PAYMENT, NOTIFICATION -> Service.of(instance, settings);
        };
    }

    /// A small JVM: many of them share one laptop, and quick starts count more than peak speed.
    static List<String> java(int heapMegabytes, List<String> more) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xss512k",
                        "-Xmx" + heapMegabytes + "m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(more);
        return command;
    }

    /// glibc gives each thread an arena of its own, which a process with many threads pays for in
    /// memory and hardly uses.
    Map<String, String> SMALL = Map.of("MALLOC_ARENA_MAX", "2");

    static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a GET is answered with 200.
    static boolean isWell(int port, String path) {
        if (!listens(port)) {
            // Most questions while a service starts end here, at a tenth of the effort.
            return false;
        }
        try {
            var connection =
                    (HttpURLConnection)
                            URI.create("http://127.0.0.1:" + port + path)
                                    .toURL()
                                    .openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
            connection.setReadTimeout(ANSWER_TIMEOUT_MS);
            connection.setRequestProperty("Connection", "close");
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
