package dev.quadrille.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class HeaderJsonTest {

    @Test
    void textIsReadableAndEverythingComesBackAsItWas() {
        var headers = new RecordHeaders();
        headers.add("ce_type", "order-placed".getBytes(UTF_8));
        headers.add("ce_type", "Bestellung für Ögün".getBytes(UTF_8));
        headers.add("", new byte[0]);
        headers.add("null", null);
        headers.add("no text", new byte[] {(byte) 0xff, (byte) 0xfe});
        headers.add("no text for PostgreSQL\0", new byte[] {'a', 0, 'b'});

        var json = HeaderJson.write(headers);

        assertThat(json)
                .contains("\"value\":\"order-placed\"", "\"base64\":\"//4=\"")
                .doesNotContain("\\u0000");
        assertThat(HeaderJson.read(new JsonArray(json))).isEqualTo(headers);
    }

    @Test
    void noHeadersAreAnEmptyList() {
        assertThat(HeaderJson.write(new RecordHeaders())).isEqualTo("[]");
        assertThat(HeaderJson.read(new JsonArray("[]"))).isEqualTo(new RecordHeaders());
    }
}
