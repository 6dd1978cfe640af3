package dev.quadrille.order.domain;

import dev.quadrille.contract.Customer;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What never changes about an order once it is placed.
public record OrderDetails(
        UUID id,
        Customer customer,
        List<OrderLine> lines,
        Money total,
        PaymentMethod paymentMethod,
        Instant placedAt,
        Instant deadline) {

    public OrderDetails {
        lines = List.copyOf(lines);
    }
}
