package dev.quadrille.notification.adapter.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.notification.adapter.mail.OrderWords.LineWords;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.Variant;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The templates in an engine set up as Quarkus does; that the build's own engine escapes too is
/// for the tests that start the service.
class TemplatesTest {

    private static final OrderWords ORDER =
            new OrderWords(
                    "37370CEA",
                    List.of(
                            new LineWords("Tea <b>& \"cake\"</b> {order.total}", 2, "9.00 EUR"),
                            new LineWords("Cup", 1, "5.50 EUR")),
                    "14.50 EUR");
    private static final Map<String, Object> DATA =
            Map.of(
                    "order", ORDER,
                    "reason", "You asked us to cancel it.",
                    "carrier", "D<H>L",
                    "trackingNumber", "JJD 1",
                    "amount", "14.50 EUR");

    private static final Engine ENGINE =
            Engine.builder()
                    .addDefaults()
                    .addValueResolver(new ReflectionValueResolver())
                    .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
                    .addLocator(TemplatesTest::locate)
                    .strictRendering(true)
                    .build();

    @ParameterizedTest
    @ValueSource(strings = {"confirmed", "cancelled", "shipped", "returned"})
    void aLetterListsTheOrder(String template) {
        assertThat(render(template + ".txt"))
                .contains("37370CEA")
                .contains("\n  2 x Tea <b>& \"cake\"</b> {order.total}: 9.00 EUR\n")
                .contains("\n  1 x Cup: 5.50 EUR\n  Total: 14.50 EUR\n");
        assertThat(render(template + ".html"))
                .contains("37370CEA")
                .contains(">1 &times; Cup<")
                .contains("<b>14.50 EUR</b>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"confirmed", "cancelled", "shipped", "returned"})
    void namesAreEscapedInHtml(String template) {
        assertThat(render(template + ".html"))
                .contains("Tea &lt;b&gt;&amp; &quot;cake&quot;&lt;/b&gt; {order.total}")
                .doesNotContain("<b>&")
                .doesNotContain("D<H>L");
    }

    @ParameterizedTest
    @ValueSource(strings = {"confirmed", "cancelled", "shipped", "returned", "refunded"})
    void aTextHasNoMarkupAndNoHoles(String template) {
        assertThat(render(template + ".txt").replace("<b>& \"cake\"</b>", "").replace("D<H>L", ""))
                .doesNotContain("<")
                .doesNotContain("&")
                .doesNotContain("\n\n\n")
                .contains("\n--\n");
        assertThat(render(template + ".html")).startsWith("<!DOCTYPE html>").contains("</html>");
    }

    @Test
    void aCancellationGivesItsReason() {
        assertThat(render("cancelled.txt")).contains("You asked us to cancel it.");
        assertThat(render("cancelled.html")).contains("You asked us to cancel it.");
    }

    @Test
    void aShipmentNamesTheParcel() {
        assertThat(render("shipped.txt")).contains("D<H>L").contains("JJD 1");
        assertThat(render("shipped.html")).contains("D&lt;H&gt;L").contains("JJD 1");
    }

    @Test
    void aRefundNamesItsAmount() {
        assertThat(render("refunded.txt")).contains("returned 14.50 EUR to you");
        assertThat(render("refunded.html")).contains("<b>14.50 EUR</b>");
    }

    private static String render(String template) {
        var instance = ENGINE.getTemplate("mail/" + template).instance();
        DATA.forEach(instance::data);
        return instance.render();
    }

    private static Optional<TemplateLocation> locate(String path) {
        var in = TemplatesTest.class.getResourceAsStream("/templates/" + path);
        if (in == null) {
            return Optional.empty();
        }
        return Optional.of(
                new TemplateLocation() {
                    @Override
                    public Reader read() {
                        return new InputStreamReader(in, UTF_8);
                    }

                    @Override
                    public Optional<Variant> getVariant() {
                        return Optional.of(
                                Variant.forContentType(
                                        path.endsWith(".html")
                                                ? Variant.TEXT_HTML
                                                : Variant.TEXT_PLAIN));
                    }
                });
    }
}
