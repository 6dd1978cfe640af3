package dev.quadrille.notification.domain;

import dev.quadrille.notification.domain.Delivery.Attempting;
import java.util.List;

/// All that it takes for one attempt to call an endpoint.
///
/// @param secrets that sign it, the newest first
/// @param body to the byte
public record Call(
        Attempting delivery, EndpointDetails endpoint, List<String> secrets, String body) {

    public Call {
        secrets = List.copyOf(secrets);
    }

    /// Which of all attempts of the delivery it is, from 1.
    public int attempt() {
        return delivery.tries().all();
    }

    @Override
    public String toString() {
        return "attempt " + attempt() + " of delivery " + delivery.details().id();
    }
}
