package dev.quadrille.contract;

/// An event as it goes on the wire.
///
/// @param topic without an installation's prefix
/// @param key the Kafka key
/// @param attributes become the Kafka headers
/// @param body JSON
public record EncodedEvent(Topic topic, String key, EventAttributes attributes, String body) {}
