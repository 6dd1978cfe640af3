package dev.quadrille.jobs;

import dev.quadrille.topics.Standing;
import dev.quadrille.topics.Standing.Difference;
import dev.quadrille.topics.Topics;
import dev.quadrille.topics.TopicsFault;
import java.util.Map;
import java.util.function.Consumer;

/// Creates the topics before the first service starts, and looks at them before each new version.
final class CreatingTopics {

    private CreatingTopics() {}

    /// @return [Jobs#FAILED] if a topic has another number of partitions than was wished for, which
    ///   nobody can mend afterwards; any other difference may be somebody's own wish, and is said
    static int run(Topics topics, Map<String, String> client, Consumer<String> said)
            throws TopicsFault, InterruptedException {
        int code = Jobs.DONE;
        for (var standing : topics.ensure(client, said)) {
            said.accept(line(standing));
            for (var difference : standing.differences()) {
                said.accept(
                        "%s: %s is %s, and %s was wished for"
                                .formatted(
                                        standing.topic(),
                                        difference.setting(),
                                        difference.is(),
                                        difference.wished()));
                if (difference.setting().equals(Difference.PARTITIONS)) {
                    said.accept(
                            "%s: keeps its partitions, since more of them would part the events of an order. Remedy: set QUADRILLE_PARTITIONS=%s"
                                    .formatted(standing.topic(), difference.is()));
                    code = Jobs.FAILED;
                }
            }
        }
        return code;
    }

    private static String line(Standing standing) {
        var what = standing.created() ? "created" : "is there";
        return "%s: %s%s"
                .formatted(
                        standing.topic(),
                        what,
                        standing.fenced()
                                ? ", and refuses records that come late from now on"
                                : "");
    }
}
