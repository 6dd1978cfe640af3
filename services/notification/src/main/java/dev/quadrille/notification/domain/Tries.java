package dev.quadrille.notification.domain;

import org.jspecify.annotations.Nullable;

/// How often a delivery was attempted, and what came of it last.
///
/// @param all since there is the delivery
/// @param inRound since it became due or was asked for again: patience counts these
/// @param lastStatus the HTTP status of the last answer; null without one
/// @param lastError a word; null when there was none
public record Tries(
        int all, int inRound, @Nullable Integer lastStatus, @Nullable String lastError) {

    public static final Tries NONE = new Tries(0, 0, null, null);

    Tries oneMore() {
        return new Tries(all + 1, inRound + 1, lastStatus, lastError);
    }

    Tries newRound() {
        return new Tries(all, 0, lastStatus, lastError);
    }

    Tries ended(@Nullable Integer status, @Nullable String error) {
        return new Tries(all, inRound, status, error);
    }
}
