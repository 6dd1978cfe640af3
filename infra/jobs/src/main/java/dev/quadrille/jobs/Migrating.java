package dev.quadrille.jobs;

import dev.quadrille.migrations.Database;
import dev.quadrille.migrations.MigrationFault;
import dev.quadrille.migrations.Migrations;
import java.util.Locale;
import java.util.function.Consumer;

/// Brings the database of one service up to date, before the service's new version starts.
final class Migrating {

    private Migrating() {}

    static int run(String service, Database database, Consumer<String> said)
            throws MigrationFault, InterruptedException {
        long begun = System.nanoTime();
        var outcome = new Migrations.Packed().run(service, database, said);
        said.accept(
                String.format(
                        Locale.ROOT,
                        "%s: %s, %d in all, in %.1f s",
                        service,
                        outcome.applied() == 0
                                ? "nothing to migrate"
                                : outcome.applied() + " migrations applied",
                        outcome.all(),
                        (System.nanoTime() - begun) / 1e9));
        return Jobs.DONE;
    }
}
