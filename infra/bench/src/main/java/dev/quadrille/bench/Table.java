package dev.quadrille.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Columns of text, the first to the left and the others to the right.
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    void row(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row has as many cells as the head");
        }
        rows.add(List.copyOf(cells));
    }

    List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String format = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
            line.append(format.formatted(row.get(i)));
        }
        return line.toString().stripTrailing();
    }

    /// `12,345`: whole numbers from 100 on, three digits that count below.
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, value == 0 ? "%.0f" : format, value);
    }

    /// `12,345 (11,900 to 12,800)`.
    static String spread(Spread spread) {
        return "%s (%s to %s)"
                .formatted(number(spread.median()), number(spread.min()), number(spread.max()));
    }
}
