package dev.quadrille.notification.domain;

import dev.quadrille.contract.Customer;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderLine;
import java.util.List;
import java.util.UUID;

/// What a letter says of an order, and to whom it goes.
public record OrderDetails(UUID id, Customer customer, List<OrderLine> lines, Money total) {

    public OrderDetails {
        lines = List.copyOf(lines);
    }
}
