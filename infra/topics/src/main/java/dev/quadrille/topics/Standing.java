package dev.quadrille.topics;

import java.util.List;

/// What came of one topic.
///
/// @param created by this run; else it was there
/// @param fenced whether it was there and accepted older records than it may, which it no longer
///   does
/// @param differences what is otherwise than wished for, and was left as it is
public record Standing(
        String topic, boolean created, boolean fenced, List<Difference> differences) {

    public Standing {
        differences = List.copyOf(differences);
    }

    /// @param setting [#PARTITIONS], [#REPLICAS] or the name of a topic's setting
    public record Difference(String setting, String is, String wished) {

        /// More of them would put the later events of an order on another partition than the
        /// earlier ones, and all topics have the same number.
        public static final String PARTITIONS = "partitions";

        public static final String REPLICAS = "replicas";
    }
}
