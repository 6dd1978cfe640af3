package dev.quadrille.contract;

/// An event as it goes on the wire.
///
/// @param topic without an installation's prefix
/// @param key the Kafka key
/// @param attributes become the Kafka headers
/// @param body JSON
public record EncodedEvent(Topic topic, String key, EventAttributes attributes, String body) {

    /// Without the body, in which an address or a payment token may stand.
    @Override
    public String toString() {
        return "EncodedEvent[topic=%s, key=%s, attributes=%s, body=***]"
                .formatted(topic, key, attributes);
    }
}
