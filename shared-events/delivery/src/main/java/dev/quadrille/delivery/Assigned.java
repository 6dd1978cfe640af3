package dev.quadrille.delivery;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Hears when the consumer has joined its group: from then on it is given events, if there are any
/// partitions for it.
@ApplicationScoped
@Identifier(Assigned.NAME)
class Assigned implements KafkaConsumerRebalanceListener {

    /// As the configuration names it.
    static final String NAME = "start-up";

    private final StartUp startUp;

    Assigned(StartUp startUp) {
        this.startUp = startUp;
    }

    @Override
    public void onPartitionsAssigned(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        startUp.passed(StartUp.KAFKA);
    }
}
