package dev.quadrille.notification.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderLine;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// Lists as they lie in a row.
@RegisterForReflection(
        targets = {
            OrderLine.class,
            Money.class,
            StoredNews.class,
            Kind.class,
            CancellationReason.class
        })
final class Json {

    private static final JsonMapper JSON = new JsonMapper();

    private Json() {}

    static String write(List<?> list) {
        try {
            return JSON.writeValueAsString(list);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list cannot be written", e);
        }
    }

    static List<OrderLine> lines(String json) {
        return read(json, OrderLine.class);
    }

    static List<StoredNews> news(String json) {
        return read(json, StoredNews.class);
    }

    private static <T> List<T> read(String json, Class<T> type) {
        try {
            return JSON.readerForListOf(type).readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored list cannot be read", e);
        }
    }
}
