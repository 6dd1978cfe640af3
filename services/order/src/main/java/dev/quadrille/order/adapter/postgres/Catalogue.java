package dev.quadrille.order.adapter.postgres;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.domain.Pricing.Product;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.stream.StreamSupport;

/// This service's copy of the catalogue.
@ApplicationScoped
public class Catalogue {

    private static final String FIND =
            "select sku, name, price_minor, currency from products where sku = any($1)";
    private static final String UPSERT =
            """
            insert into products (sku, version, name, price_minor, currency)
            select sku, version, name, price_minor, currency
            from unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[])
                 as listed (sku, version, name, price_minor, currency)
            order by sku
            on conflict (sku) do update
            set version = excluded.version, name = excluded.name, price_minor = excluded.price_minor,
                currency = excluded.currency
            where products.version < excluded.version
            """;

    public Uni<Map<String, Product>> find(Transaction transaction, Collection<String> skus) {
        return transaction
                .run(FIND, (Object) skus.toArray(String[]::new))
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row ->
                                        new Product(
                                                row.getString("sku"),
                                                row.getString("name"),
                                                new Money(
                                                        row.getLong("price_minor"),
                                                        row.getString("currency"))))
                                .collect(toMap(Product::sku, product -> product)));
    }

    /// Whether products may be missing: the topic was never read to its end, or what was read is
    /// lost. That there are some products does not tell, because a read may have ended half-way and
    /// the consumer brings what is new.
    public Uni<Boolean> isIncomplete(Transaction transaction) {
        return transaction
                .run(
                        "select not exists (select from products)"
                                + " or not exists (select from catalogue_reads) as incomplete")
                .map(rows -> rows.iterator().next().getBoolean("incomplete"));
    }

    /// Notes that the topic was read to its end.
    public Uni<Void> noteRead(Transaction transaction, long records, long takenOver, long skipped) {
        return transaction.change(
                1,
                "insert into catalogue_reads (records, taken_over, skipped) values ($1, $2, $3)",
                records,
                takenOver,
                skipped);
    }

    /// Takes over what is newer than what is here.
    ///
    /// @param listed one version of each sku
    /// @return how many were new or newer
    public Uni<Integer> update(
            Transaction transaction, Collection<Versioned<ProductListed>> listed) {
        return transaction
                .run(
                        UPSERT,
                        listed.stream().map(p -> p.state().sku()).toArray(String[]::new),
                        listed.stream().map(Versioned::version).toArray(Long[]::new),
                        listed.stream().map(p -> p.state().name()).toArray(String[]::new),
                        listed.stream()
                                .map(p -> p.state().price().amountMinor())
                                .toArray(Long[]::new),
                        listed.stream()
                                .map(p -> p.state().price().currency())
                                .toArray(String[]::new))
                .map(RowSet::rowCount);
    }
}
