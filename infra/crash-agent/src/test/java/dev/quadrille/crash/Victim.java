package dev.quadrille.crash;

import dev.quadrille.delivery.OutboxSession;
import dev.quadrille.delivery.Publisher;

/// A program that comes to a point each time it reads a byte.
final class Victim {

    private Victim() {}

    public static void main(String[] arguments) throws Exception {
        new OutboxSession().confirmed();
        while (System.in.read() >= 0) {
            System.out.println("published " + new Publisher().publish(2));
        }
    }
}
