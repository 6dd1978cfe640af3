package dev.quadrille.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.quadrille.bench.Picture.Section;
import dev.quadrille.local.Flavour;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PictureTest {

    private static final String SVG =
            Picture.of(
                    "Starts <& others>",
                    List.of("a machine & its settings"),
                    List.of(
                            new Section(
                                    "First answer",
                                    List.of(
                                            new Comparison(
                                                    "order",
                                                    "first answer, ms",
                                                    Map.of(
                                                            Flavour.JVM,
                                                            List.of(1000.0, 1000.0, 500.0),
                                                            Flavour.NATIVE,
                                                            List.of(10.0, 100.0)))))));

    @Test
    void everyRunIsADotWhereItsTimeIsOnTheAxis() throws Exception {
        var dots = dots("native");
        double left = tick("10");
        double right = tick("1,000");

        assertThat(dots).hasSize(2);
        assertThat(dots.get(0)).isEqualTo(left);
        // The tenfold is half of the way to the hundredfold.
        assertThat(dots.get(1)).isCloseTo((left + right) / 2, within(0.1));
        assertThat(dots("jvm")).hasSize(3).startsWith(right, right).last().isEqualTo(tick("500"));
    }

    @Test
    void theMedianIsABarAndANumber() throws Exception {
        var bars =
                elements(parse(), "line")
                        .filter(line -> line.getAttribute("class").startsWith("median"))
                        .toList();

        assertThat(bars).hasSize(2);
        assertThat(Double.parseDouble(bars.getFirst().getAttribute("x1"))).isEqualTo(tick("1,000"));
        assertThat(texts()).contains("1,000 ms", "55 ms");
    }

    @Test
    void itSaysWhatItShows() throws Exception {
        assertThat(texts())
                .contains(
                        "Starts <& others>",
                        "a machine & its settings",
                        "First answer",
                        "order",
                        "native",
                        "milliseconds since the process was asked for (logarithmic)")
                .doesNotContain("aot");
    }

    @Test
    void itNeedsNothingFromElsewhere() {
        assertThat(SVG.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                .doesNotContain("http", "<script", "@import", "url(");
    }

    @Test
    void dotsLieWithinThePaper() throws Exception {
        var root = parse().getDocumentElement();
        double width = Double.parseDouble(root.getAttribute("width"));
        double height = Double.parseDouble(root.getAttribute("height"));

        assertThat(elements(parse(), "circle"))
                .allSatisfy(dot -> {
                    assertThat(Double.parseDouble(dot.getAttribute("cx"))).isBetween(0.0, width);
                    assertThat(Double.parseDouble(dot.getAttribute("cy"))).isBetween(0.0, height);
                });
    }

    @Test
    void theAxisBeginsAndEndsWithAOneATwoOrAFive() {
        assertThat(Picture.below(649)).isEqualTo(500);
        assertThat(Picture.below(500)).isEqualTo(500);
        assertThat(Picture.below(0.3)).isCloseTo(0.2, within(1e-9));
        assertThat(Picture.above(2279)).isEqualTo(5000);
        assertThat(Picture.above(2000)).isEqualTo(2000);
        assertThat(Picture.above(6000)).isEqualTo(10_000);
    }

    @Test
    void nothingCannotBeDrawn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Picture.of("nothing", List.of(), List.of()));
    }

    private static double tick(String label) throws Exception {
        return elements(parse(), "text")
                .filter(text -> text.getTextContent().equals(label))
                .mapToDouble(text -> Double.parseDouble(text.getAttribute("x")))
                .findFirst()
                .orElseThrow();
    }

    /// The legend's has another size.
    private static List<Double> dots(String flavour) throws Exception {
        return elements(parse(), "circle")
                .filter(dot -> dot.getAttribute("class").equals("dot " + flavour))
                .filter(dot -> dot.getAttribute("r").equals("3.0"))
                .map(dot -> Double.parseDouble(dot.getAttribute("cx")))
                .toList();
    }

    private static List<String> texts() throws Exception {
        return elements(parse(), "text").map(Element::getTextContent).toList();
    }

    private static Stream<Element> elements(Document document, String name) {
        var found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    private static Document parse() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(SVG.getBytes(UTF_8)));
    }
}
