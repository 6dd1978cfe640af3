package dev.quadrille.chassis;

import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Remembers which request a key stands for. The table comes with the migration location
/// `db/idempotency`.
@ApplicationScoped
public class IdempotencyKeys {

    private static final String CLAIM =
            """
            insert into idempotency_keys (operation, key, fingerprint, resource) values ($1, $2, $3, $4)
            on conflict do nothing
            """;
    private static final String FIND =
            "select fingerprint, resource from idempotency_keys where operation = $1 and key = $2";

    /// What a key turned out to be.
    public sealed interface Claim {

        /// New: the request is to be carried out, in the transaction that claimed the key.
        record Fresh() implements Claim {}

        /// The same request was carried out before.
        ///
        /// @param resource the id of what it made
        record Replay(String resource) implements Claim {}

        /// The key was used for another request.
        record Reused() implements Claim {}
    }

    /// Claims a key. Of several requests with one key, one gets it and the others wait until that
    /// one's transaction has ended.
    ///
    /// @param operation what the key is for; the same key may stand for one request of each
    ///   operation
    /// @param request what the request says, in a form in which two requests that mean the same
    ///   look the same
    /// @param resource the id of what the request would make
    public Uni<Claim> claim(
            Transaction transaction,
            String operation,
            IdempotencyKey key,
            String request,
            String resource) {
        String fingerprint = sha256(request);
        return transaction
                .run(CLAIM, operation, key.value(), fingerprint, resource)
                .flatMap(claimed ->
                        claimed.rowCount() == 1
                                ? Uni.createFrom().item(new Claim.Fresh())
                                : find(transaction, operation, key, fingerprint));
    }

    private static Uni<Claim> find(
            Transaction transaction, String operation, IdempotencyKey key, String fingerprint) {
        return transaction
                .run(FIND, operation, key.value())
                .map(rows -> {
                    var row = rows.iterator().next();
                    return fingerprint.equals(row.getString("fingerprint"))
                            ? new Claim.Replay(row.getString("resource"))
                            : new Claim.Reused();
                });
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
