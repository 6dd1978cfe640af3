package dev.quadrille.migrations;

/// A database could not be brought up to date; the message is for people, and of one line.
public final class MigrationFault extends Exception {
    private static final long serialVersionUID = 1;

    MigrationFault(String service, Exception cause) {
        super(
                "The database of %s is not migrated: %s"
                        .formatted(
                                service,
                                String.valueOf(cause.getMessage())
                                        .strip()
                                        .replaceAll("\\s*\\R[-\\s]*", ": ")),
                cause);
    }
}
