package dev.quadrille.order.domain;

import dev.quadrille.contract.CancellationReason;
import org.jspecify.annotations.Nullable;

/// An order, one record for each state it can be in.
public sealed interface Order {

    /// Nothing of this id was placed here.
    record Unknown() implements Order {}

    /// An order that was placed.
    sealed interface Placed extends Order {

        OrderDetails details();

        StockStatus stock();

        PaymentStatus payment();

        /// True once nobody owes anything any more: nothing is held for the order, or will be.
        boolean settled();

        /// The key of its events.
        default String subject() {
            return details().id().toString();
        }
    }

    /// It waits for its stock and its payment, until the deadline.
    record Pending(OrderDetails details, StockStatus stock, PaymentStatus payment)
            implements Placed {

        @Override
        public boolean settled() {
            return false;
        }
    }

    /// It will be shipped; stock and money are held for it.
    record Confirmed(OrderDetails details) implements Placed {

        @Override
        public StockStatus stock() {
            return StockStatus.RESERVED;
        }

        @Override
        public PaymentStatus payment() {
            return PaymentStatus.AUTHORIZED;
        }

        @Override
        public boolean settled() {
            return false;
        }
    }

    /// It ended without being shipped; what is held for it is being let go.
    ///
    /// @param note what the customer said when cancelling
    record Cancelled(
            OrderDetails details,
            CancellationReason reason,
            StockStatus stock,
            PaymentStatus payment,
            @Nullable String note)
            implements Placed {

        /// Of an order without stock, no payment was ever begun, so the payment service has nothing
        /// to answer.
        @Override
        public boolean settled() {
            boolean neverPaid =
                    reason == CancellationReason.OUT_OF_STOCK && payment == PaymentStatus.NONE;
            return !stock.owesRelease() && (neverPaid || !payment.owesVoid());
        }
    }
}
