package dev.quadrille.inventory.application;

import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.inventory.adapter.postgres.Products;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;

/// Puts products into the catalogue, and changes them.
@ApplicationScoped
public class ListingProducts {

    private final Transactions transactions;
    private final Products products;
    private final InstantSource clock;

    ListingProducts(Transactions transactions, Products products, InstantSource clock) {
        this.transactions = transactions;
        this.products = products;
        this.clock = clock;
    }

    /// What came of it.
    public enum Outcome {
        CREATED,
        CHANGED,
        UNCHANGED
    }

    public Uni<Outcome> list(ProductListed product) {
        return transactions.run(transaction ->
                products.list(transaction, product)
                        .call(version ->
                                version.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : transaction.announce(
                                                List.of(
                                                        Announcement.of(
                                                                product,
                                                                version.get(),
                                                                clock.instant()))))
                        .map(version ->
                                version.map(v -> v == 1 ? Outcome.CREATED : Outcome.CHANGED)
                                        .orElse(Outcome.UNCHANGED)));
    }
}
