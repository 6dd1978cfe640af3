package dev.quadrille.contract;

import java.util.Map;

/// An event as it goes on the wire.
///
/// @param topic without an installation's prefix
/// @param key the Kafka key
/// @param headers the Kafka headers, in UTF-8
/// @param body JSON
public record EncodedEvent(Topic topic, String key, Map<String, String> headers, String body) {}
