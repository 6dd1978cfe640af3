package dev.quadrille.notification.adapter.rest;

import dev.quadrille.chassis.Cursor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where the pages of lists begin that are in the order of their ids.
final class Places {

    private Places() {}

    /// What the page starts after; null for the first.
    static @Nullable UUID id(@Nullable Cursor cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            return UUID.fromString(cursor.place());
        } catch (IllegalArgumentException _) {
            throw Cursor.invalid();
        }
    }
}
