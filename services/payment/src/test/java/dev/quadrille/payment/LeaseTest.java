package dev.quadrille.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.adapter.postgres.Payments.Wanted;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.testkit.ServiceOnStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Which errands are taken, of those that are due.
@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class LeaseTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Inject Payments payments;
    @Inject Transactions transactions;

    @Test
    void neitherKindOfErrandTakesTheCallsOfTheOther() throws SQLException {
        var later = Instant.parse("2126-11-21T10:00:00Z");
        insert(
                """
                insert into payments (order_id, version, state, amount_minor, currency, cause_id,
                                      provider_reference, work, work_due_at)
                select gen_random_uuid(), 4, 'CAPTURING', 900, 'EUR', gen_random_uuid(), 'pi_1',
                       'CAPTURE', '2126-01-01'
                from generate_series(1, 12)
                """);
        insert(
                """
                insert into payments (order_id, version, state, amount_minor, currency, cause_id,
                                      payment_method, work, work_due_at)
                select gen_random_uuid(), 4, 'AUTHORIZING', 900, 'EUR', gen_random_uuid(), 'pm_1',
                       'AUTHORIZE', '2126-01-02'
                from generate_series(1, 12)
                """);

        var due =
                transactions
                        .run(transaction -> {
                            transaction.undo();
                            return payments.leaseDue(
                                    transaction, later, later, new Wanted(5, 5, 8));
                        })
                        .await()
                        .atMost(LIMIT);

        assertThat(due).hasSize(8);
        assertThat(due).filteredOn(each -> each.errand() instanceof Errand.Authorize).hasSize(5);
        assertThat(due)
                .allSatisfy(each -> assertThat(each.firstAskedAt()).isBeforeOrEqualTo(later));
    }

    private static void insert(String sql) throws SQLException {
        try (var database = ServiceOnStack.database();
                var statement = database.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(12);
        }
    }
}
