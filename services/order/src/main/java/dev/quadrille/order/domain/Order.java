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

        /// True once nobody owes anything any more: nothing is held for the order, or will be,
        /// unless somebody returns it.
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

    /// The parcel is on its way; its stock is being written off and its money taken.
    ///
    /// @param payment VOIDED if the hold had lapsed at the provider before the money was taken:
    ///   then nobody pays for what was shipped, and the order stays unsettled so that somebody sees
    ///   it
    record Shipped(
            OrderDetails details,
            String carrier,
            String trackingNumber,
            StockStatus stock,
            PaymentStatus payment)
            implements Placed {

        @Override
        public boolean settled() {
            return stock == StockStatus.COMMITTED && payment == PaymentStatus.CAPTURED;
        }

        Shipped with(StockStatus next) {
            return new Shipped(details, carrier, trackingNumber, next, payment);
        }

        Shipped with(PaymentStatus next) {
            return new Shipped(details, carrier, trackingNumber, stock, next);
        }
    }

    /// The parcel came back; its stock is being put on the shelf and its money given back.
    ///
    /// @param reason why, in the words of whoever took it in
    record Returned(
            OrderDetails details,
            String carrier,
            String trackingNumber,
            String reason,
            StockStatus stock,
            PaymentStatus payment)
            implements Placed {

        /// Of a hold that lapsed before it was captured, there is nothing to give back.
        @Override
        public boolean settled() {
            return stock == StockStatus.RESTOCKED
                    && (payment == PaymentStatus.REFUNDED || payment == PaymentStatus.VOIDED);
        }

        Returned with(StockStatus next) {
            return new Returned(details, carrier, trackingNumber, reason, next, payment);
        }

        Returned with(PaymentStatus next) {
            return new Returned(details, carrier, trackingNumber, reason, stock, next);
        }
    }
}
