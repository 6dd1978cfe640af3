package dev.quadrille.notification.domain;

import dev.quadrille.contract.NotificationEvent.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// News of something, and when it happened.
///
/// @param at null of news that were stored when that was not kept
public record DatedNews(News news, @Nullable Instant at) {

    public Kind kind() {
        return news.kind();
    }
}
