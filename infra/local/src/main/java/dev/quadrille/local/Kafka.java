package dev.quadrille.local;

import dev.quadrille.topics.Standing.Difference;
import dev.quadrille.topics.Topics;
import dev.quadrille.topics.TopicsFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;

/// Kafka: one process that is broker and controller, and the topics of the contract.
record Kafka(Settings settings) implements Program {

    @Override
    public Instance instance() {
        return Instance.first(Part.KAFKA);
    }

    @Override
    public Invocation prepare(Guardian guardian) throws IOException {
        Path data = settings.home().data();
        Files.createDirectories(data);
        Path properties = data.resolve("kafka.properties");
        var lines = new StringBuilder("# Written by Quadrille's launcher at each start.\n");
        new TreeMap<>(configuration())
                .forEach(
                        (name, value) -> lines.append(name).append('=').append(value).append('\n'));
        Files.writeString(properties, lines);
        return new Invocation(
                Program.java(
                        256,
                        List.of(
                                "-cp",
                                JavaProgram.classPath(),
                                KafkaBroker.class.getName(),
                                properties.toString())),
                SMALL,
                data);
    }

    @Override
    public boolean answers() {
        return Program.listens(settings.port(Port.KAFKA));
    }

    /// A topic that is there keeps its partitions.
    @Override
    public void provision() throws StartFault, TopicsFault, InterruptedException {
        var topics =
                new Topics(settings.partitions(), Optional.of((short) 1), settings.topicPrefix());
        var client =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "127.0.0.1:" + settings.port(Port.KAFKA));
        for (var standing : topics.ensure(client, _ -> {})) {
            for (var difference : standing.differences()) {
                if (difference.setting().equals(Difference.PARTITIONS)) {
                    throw new StartFault(
                            "topic %s has %s partitions, and QUADRILLE_PARTITIONS asks for %s"
                                    .formatted(
                                            standing.topic(), difference.is(), difference.wished()),
                            "set QUADRILLE_PARTITIONS to what there is, or begin with empty data:"
                                    + " ./run.sh --fresh");
                }
            }
        }
    }

    @Override
    public String remedy() {
        return "begin with empty data: ./run.sh --fresh";
    }

    @Override
    public String address() {
        return "localhost:" + settings.port(Port.KAFKA);
    }

    Map<String, String> configuration() {
        int port = settings.port(Port.KAFKA);
        int controller = settings.port(Port.KAFKA_CONTROLLER);
        var all = new HashMap<String, String>();

        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        // Named here and not stored in the log, so that the port may be another one next time.
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        all.put(
                "listeners",
                "BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controller));
        all.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
        all.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("inter.broker.listener.name", "BROKER");
        all.put("controller.listener.names", "CONTROLLER");
        all.put("log.dirs", settings.home().data(Part.KAFKA).toString());

        all.put("auto.create.topics.enable", "false");
        all.put("num.partitions", Integer.toString(settings.partitions()));
        all.put("default.replication.factor", "1");
        all.put("min.insync.replicas", "1");
        all.put("offsets.topic.replication.factor", "1");
        all.put("offsets.topic.num.partitions", "4");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("transaction.state.log.num.partitions", "4");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("share.coordinator.state.topic.num.partitions", "4");

        // A service that starts or restarts reads at once, and one that was killed gives its
        // partitions back within seconds instead of 45: after the session, and a heartbeat of those
        // who take them over.
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.consumer.assignment.interval.ms", "50");
        all.put("group.consumer.min.heartbeat.interval.ms", "1000");
        all.put("group.consumer.heartbeat.interval.ms", "1000");
        all.put("group.consumer.min.session.timeout.ms", "6000");
        all.put("group.consumer.session.timeout.ms", "6000");

        // A broker that was killed comes back after this time, since until then the controller
        // takes the old one to be alive. Both are one process here, so that hardly anything can
        // come between them that would have a broker fenced which lives.
        all.put("broker.session.timeout.ms", "2000");
        all.put("broker.heartbeat.interval.ms", "250");

        // Two cores and a small heap.
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "2");
        all.put("num.recovery.threads.per.data.dir", "1");
        all.put("background.threads", "2");
        all.put("group.coordinator.threads", "1");
        all.put("share.coordinator.threads", "1");
        all.put("log.cleaner.threads", "1");
        all.put("log.cleaner.dedupe.buffer.size", "4194304");
        all.put("log.index.size.max.bytes", "1048576");
        all.put("log.segment.bytes", "67108864");
        all.put("queued.max.requests", "100");
        return all;
    }
}
