package dev.quadrille.inventory.adapter.postgres;

import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Writes the catalogue.
@ApplicationScoped
public class Products {

    private static final String LIST =
            """
            insert into products (sku, version, name, price_minor, currency) values ($1, 1, $2, $3, $4)
            on conflict (sku) do update
            set version = products.version + 1, name = excluded.name, price_minor = excluded.price_minor,
                currency = excluded.currency
            where (products.name, products.price_minor, products.currency)
                  is distinct from (excluded.name, excluded.price_minor, excluded.currency)
            returning version
            """;
    private static final String OPEN_STOCK = "insert into stock (sku) values ($1)";

    /// Lists a product, or changes it.
    ///
    /// @return its version then, 1 for a new one; empty if it is as it was
    public Uni<Optional<Long>> list(Transaction transaction, ProductListed product) {
        return transaction
                .run(
                        LIST,
                        product.sku(),
                        product.name(),
                        product.price().amountMinor(),
                        product.price().currency())
                .map(rows ->
                        rows.size() == 0
                                ? Optional.<Long>empty()
                                : Optional.of(rows.iterator().next().getLong("version")))
                .call(version ->
                        version.filter(v -> v == 1).isPresent()
                                ? transaction.change(1, OPEN_STOCK, product.sku())
                                : Uni.createFrom().voidItem());
    }
}
