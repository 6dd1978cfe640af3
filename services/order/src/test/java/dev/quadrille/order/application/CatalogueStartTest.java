package dev.quadrille.order.application;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/// A service that starts must know whether its catalogue is whole, and not only whether there is
/// one.
@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class CatalogueStartTest {

    @Inject RebuildingCatalogue rebuilding;

    private final Wire wire = Wire.ofServiceUnderTest();

    @Test
    void whatWasReadHalfWayIsReadAgainAtTheStart() throws SQLException {
        list("HALF-01");
        list("HALF-02");
        run("delete from products where sku = 'HALF-02'");
        run("delete from catalogue_reads");

        rebuilding.start(new StartupEvent());

        await().atMost(30, SECONDS).until(() -> count("select count(*) from catalogue_reads") == 1);
        assertThat(isKnown("HALF-02")).isTrue();
    }

    @Test
    void aWholeCatalogueIsNotReadAgain() throws SQLException {
        list("WHOLE-01");
        run("delete from catalogue_reads");
        rebuilding.start(new StartupEvent());
        await().atMost(30, SECONDS).until(() -> count("select count(*) from catalogue_reads") == 1);

        rebuilding.start(new StartupEvent());

        await().atMost(30, SECONDS).until(rebuilding::isUsable);
        rebuilding.rebuild().await().indefinitely();
        assertThat(count("select count(*) from catalogue_reads")).isEqualTo(2);
    }

    private void list(String sku) {
        wire.announce(new ProductListed(sku, "Cup", new Money(450, "EUR")));
        await().atMost(30, SECONDS).until(() -> isKnown(sku));
    }

    private boolean isKnown(String sku) throws SQLException {
        return count("select count(*) from products where sku = '" + sku + "'") == 1;
    }

    private void run(String statement) throws SQLException {
        try (var connection = ServiceOnStack.database();
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private long count(String query) throws SQLException {
        try (var connection = ServiceOnStack.database();
                var sql = connection.createStatement();
                var rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
