package dev.quadrille.local;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One process of a part. A service may run as several replicas, which share its database and its
/// consumer group; every other part is one process.
///
/// @param replica counted from 1
public record Instance(Part part, int replica) implements Comparable<Instance> {

    /// How many replicas of a service a laptop is asked to carry.
    public static final int MAX_REPLICAS = 4;

    public Instance {
        if (replica < 1 || replica > most(part)) {
            throw new IllegalArgumentException("There is no replica " + replica + " of " + part);
        }
    }

    public static Instance first(Part part) {
        return new Instance(part, 1);
    }

    /// Its name on the command line, in the state file and of its log file: the first one has its
    /// part's.
    public String title() {
        return replica == 1 ? part.title() : part.title() + "-" + replica;
    }

    /// By part, in the order in which they are started and listed.
    @Override
    public int compareTo(Instance other) {
        return Comparator.comparing(Instance::part)
                .thenComparingInt(Instance::replica)
                .compare(this, other);
    }

    /// @param replicas of each service
    static Stream<Instance> of(Part part, int replicas) {
        return IntStream.rangeClosed(1, Math.min(replicas, most(part)))
                .mapToObj(replica -> new Instance(part, replica));
    }

    /// Every one that there can be.
    static Stream<Instance> all() {
        return Part.all().flatMap(part -> of(part, MAX_REPLICAS));
    }

    static Optional<Instance> titled(String title) {
        return all().filter(instance -> instance.title().equals(title)).findFirst();
    }

    /// For people, who know the replicas from these.
    static String titles() {
        return Part.titles() + " (its second replica: order-2)";
    }

    private static int most(Part part) {
        return part.isService() ? MAX_REPLICAS : 1;
    }
}
