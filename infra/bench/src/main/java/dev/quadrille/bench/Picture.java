package dev.quadrille.bench;

import dev.quadrille.local.Flavour;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Distributions as an SVG: a dot for each run, a bar at the median, all on one axis of time.
///
/// The axis is logarithmic, since a native image and a JVM are some fifty times apart, and what a
/// reader compares is how many times. The colours are Okabe and Ito's, which people with any colour
/// vision tell apart, and every strip has its name beside it.
final class Picture {

    private static final int WIDTH = 960;
    private static final double LEFT = 190;
    private static final double RIGHT = 840;
    private static final int TOP = 128;
    private static final int SECTION_HEAD = 40;
    private static final int STRIP = 22;
    private static final int BETWEEN_ROWS = 10;
    private static final int SECTION_FOOT = 22;
    private static final int BOTTOM = 40;
    private static final double DOT = 3;

    /// How far dots of one strip are moved up and down, in turn, that they hide each other less.
    private static final double[] JITTER = {0, -4, 4, -2, 2};

    private static final String STYLE =
            """
            svg { --paper: #ffffff; --ink: #1b1f24; --faint: #59636e; --grid: #d8dee4;
                  --jvm: #d55e00; --aot: #0072b2; --native: #009e73; }
            @media (prefers-color-scheme: dark) {
              svg { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --grid: #30363d;
                    --jvm: #f0914a; --aot: #56b4e9; --native: #2fc79b; }
            }
            text { font-family: system-ui, sans-serif; font-size: 13px; fill: var(--ink); }
            .paper { fill: var(--paper); }
            .title { font-size: 19px; font-weight: 600; }
            .section { font-size: 14px; font-weight: 600; }
            .faint { fill: var(--faint); font-size: 12px; }
            .middle { text-anchor: middle; }
            .end { text-anchor: end; }
            .grid { stroke: var(--grid); stroke-width: 1; }
            .range { stroke-width: 1.5; stroke-opacity: .45; }
            .median { stroke-width: 3; stroke-linecap: round; }
            .dot { fill-opacity: .7; }
            .jvm { fill: var(--jvm); stroke: var(--jvm); }
            .aot { fill: var(--aot); stroke: var(--aot); }
            .native { fill: var(--native); stroke: var(--native); }
            .dot.jvm, .dot.aot, .dot.native { stroke: none; }
            """;

    /// One figure, and whose it is.
    ///
    /// @param rows of which the subject is shown
    record Section(String title, List<Comparison> rows) {}

    private final StringBuilder svg = new StringBuilder();
    private final List<Section> sections;
    private final double least;
    private final double most;

    private Picture(List<Section> sections) {
        this.sections = sections;
        var all =
                sections.stream()
                        .flatMap(section -> section.rows().stream())
                        .flatMap(row -> row.values().values().stream())
                        .flatMap(Collection::stream)
                        .toList();
        var spread = Spread.of(all);
        this.least = below(spread.min());
        this.most = above(Math.max(spread.max(), least * 4));
    }

    /// @param sections at least one, with at least one value, all above 0
    /// @param lines under the title
    static String of(String title, List<String> lines, List<Section> sections) {
        var picture = new Picture(sections);
        picture.draw(title, lines);
        return picture.svg.toString();
    }

    private void draw(String title, List<String> lines) {
        int height = TOP + BOTTOM + sections.stream().mapToInt(Picture::height).sum();
        line(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
                role="img" aria-labelledby="title">\
                """
                        .formatted(WIDTH, height, WIDTH, height));
        line("<title id=\"title\">%s</title>".formatted(escaped(title)));
        line("<style>\n%s</style>".formatted(STYLE));
        line("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>".formatted(WIDTH, height));
        text(24, 36, "title", title);
        int y = 58;
        for (String line : lines) {
            text(24, y, "faint", line);
            y += 17;
        }
        legend(TOP - 14);
        y = TOP;
        for (var section : sections) {
            text(24, y + 26, "section", section.title());
            axis(y + SECTION_HEAD, y + height(section) - SECTION_FOOT);
            y += SECTION_HEAD;
            for (var row : section.rows()) {
                row(row, y);
                y += height(row);
            }
            y += SECTION_FOOT;
        }
        text(
                (LEFT + RIGHT) / 2,
                y + 22,
                "faint middle",
                "milliseconds since the process was asked for (logarithmic)");
        line("</svg>");
    }

    private void legend(int y) {
        double x = 24;
        for (var flavour : shown()) {
            line("<g>");
            line(
                    "<circle class=\"dot %s\" cx=\"%s\" cy=\"%d\" r=\"5\"/>"
                            .formatted(flavour.title(), number(x + 5), y - 4));
            text(x + 16, y, "", legend(flavour));
            line("</g>");
            x += 26 + 7.2 * legend(flavour).length();
        }
        text(
                x,
                y,
                "faint",
                "each dot is one start, the bar and the number their median, the line their range");
    }

    private static String legend(Flavour flavour) {
        return switch (flavour) {
            case JVM -> "jvm: the jars";
            case AOT -> "aot: with an AOT cache";
            case NATIVE -> "native image";
        };
    }

    /// Not through the section's title.
    private void axis(int top, int bottom) {
        for (double tick : ticks()) {
            String x = number(x(tick));
            line(
                    "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
                            .formatted(x, x, top, bottom));
            text(x(tick), bottom + 15, "faint middle", String.format(Locale.ROOT, "%,.0f", tick));
        }
    }

    private void row(Comparison row, int top) {
        text(24, top + 15, "", row.subject());
        int y = top + STRIP / 2;
        for (var summary : row.summaries()) {
            strip(row, summary, y);
            y += STRIP;
        }
    }

    private void strip(Comparison row, Comparison.Summary summary, int y) {
        String kind = summary.flavour().title();
        line("<g>");
        line(
                "<title>%s as %s, %s: median %s, %s to %s, %d starts</title>"
                        .formatted(
                                escaped(row.subject()),
                                kind,
                                escaped(row.figure()),
                                Table.number(summary.p50()),
                                Table.number(summary.min()),
                                Table.number(summary.max()),
                                summary.runs()));
        text(LEFT - 12, y + 4, "faint end", kind);
        line(
                "<line class=\"range %s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
                        .formatted(kind, number(x(summary.min())), number(x(summary.max())), y, y));
        var values = row.values().getOrDefault(summary.flavour(), List.of());
        for (int i = 0; i < values.size(); i++) {
            line(
                    "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>"
                            .formatted(
                                    kind,
                                    number(x(values.get(i))),
                                    number(y + JITTER[i % JITTER.length]),
                                    number(DOT)));
        }
        String median = number(x(summary.p50()));
        line(
                "<line class=\"median %s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
                        .formatted(kind, median, median, y - 8, y + 8));
        text(WIDTH - 24, y + 4, "end", String.format(Locale.ROOT, "%,.0f", summary.p50()) + " ms");
        line("</g>");
    }

    /// Where a time stands on the axis.
    private double x(double value) {
        return LEFT + (RIGHT - LEFT) * Math.log(value / least) / Math.log(most / least);
    }

    /// 1, 2 and 5 of each power of ten.
    private Set<Double> ticks() {
        var ticks = new TreeSet<Double>();
        for (double tick = least; tick <= most * 1.0001; tick = above(tick * 1.0001)) {
            ticks.add(tick);
        }
        return ticks;
    }

    static double above(double value) {
        double ten = Math.pow(10, Math.floor(Math.log10(value)));
        for (int step : new int[] {1, 2, 5, 10}) {
            if (value <= step * ten * 1.000001) {
                return step * ten;
            }
        }
        throw new IllegalArgumentException("not a time above 0: " + value);
    }

    static double below(double value) {
        double ten = Math.pow(10, Math.floor(Math.log10(value)));
        for (int step : new int[] {5, 2, 1}) {
            if (value >= step * ten * 0.999999) {
                return step * ten;
            }
        }
        throw new IllegalArgumentException("not a time above 0: " + value);
    }

    private static int height(Section section) {
        return SECTION_HEAD
                + SECTION_FOOT
                + section.rows().stream().mapToInt(Picture::height).sum();
    }

    private static int height(Comparison row) {
        return row.summaries().size() * STRIP + BETWEEN_ROWS;
    }

    private List<Flavour> shown() {
        var flavours =
                sections.stream()
                        .flatMap(section -> section.rows().stream())
                        .flatMap(row -> row.values().keySet().stream())
                        .collect(Collectors.toCollection(TreeSet::new));
        return new ArrayList<>(flavours);
    }

    private void text(double x, int y, String kind, String text) {
        line(
                "<text class=\"%s\" x=\"%s\" y=\"%d\">%s</text>"
                        .formatted(kind, number(x), y, escaped(text)));
    }

    private void line(String line) {
        svg.append(line).append('\n');
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
