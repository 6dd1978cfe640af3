package dev.quadrille.notification.domain;

import java.util.List;
import java.util.UUID;

/// What there is to tell a customer about one order, one record for each state it can be in.
public sealed interface Correspondence {

    /// Nothing was heard of the order.
    record Unknown() implements Correspondence {}

    /// Something was heard of the order.
    sealed interface Begun extends Correspondence {

        UUID orderId();

        /// All that was heard, in the order in which it was.
        List<DatedNews> news();

        /// What of it the customer is to be told now.
        List<DatedNews> due();

        /// The key of the order's events.
        default String subject() {
            return orderId().toString();
        }
    }

    /// There are news, but whose order it is has not been heard: they wait.
    record Early(UUID orderId, List<DatedNews> news) implements Begun {

        public Early {
            news = List.copyOf(news);
        }

        @Override
        public List<DatedNews> due() {
            return List.of();
        }
    }

    /// The customer is known.
    record Open(OrderDetails order, List<DatedNews> news) implements Begun {

        public Open {
            news = List.copyOf(news);
        }

        @Override
        public UUID orderId() {
            return order.id();
        }

        @Override
        public List<DatedNews> due() {
            return news;
        }
    }
}
