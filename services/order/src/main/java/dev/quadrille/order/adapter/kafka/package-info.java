/// What the order service reads from Kafka by itself, beside what comes to its consumer.
@NullMarked
package dev.quadrille.order.adapter.kafka;

import org.jspecify.annotations.NullMarked;
