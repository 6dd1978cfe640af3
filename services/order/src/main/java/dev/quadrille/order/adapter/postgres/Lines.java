package dev.quadrille.order.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.quadrille.contract.OrderLine;
import java.util.List;

/// The lines of an order as they lie in its row.
final class Lines {

    private static final JsonMapper JSON = new JsonMapper();

    private Lines() {}

    static String write(List<OrderLine> lines) {
        try {
            return JSON.writeValueAsString(lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an order's lines cannot be written", e);
        }
    }

    static List<OrderLine> read(String json) {
        try {
            return JSON.readerForListOf(OrderLine.class).readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an order's lines cannot be read", e);
        }
    }
}
