package dev.quadrille.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a PromQL expression asks for. It is taken apart into words and not parsed: that the
/// expression is well formed is promtool's business.
///
/// @param labels those that it groups, joins and rewrites by
/// @param made the labels that it makes itself
record Query(List<Selector> selectors, Set<String> labels, Set<String> made) {

    private static final Pattern WORD =
            Pattern.compile(
                    "\"(?:[^\"\\\\]|\\\\.)*\"" // text
                            + "|\\[[^]]*]" // a window
                            + "|[a-zA-Z_:][a-zA-Z0-9_:]*" // a name
                            + "|[0-9][0-9a-zA-Z.]*" // a number or a duration
                            + "|=~|!~|!=|==|>=|<=|\\S");

    private static final Set<String> LISTS_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    /// Names that may stand without parentheses at once after them.
    private static final Set<String> NO_METRICS =
            Set.of(
                    "and",
                    "or",
                    "unless",
                    "bool",
                    "offset",
                    "inf",
                    "nan",
                    "sum",
                    "min",
                    "max",
                    "avg",
                    "count",
                    "group",
                    "stddev",
                    "stdvar",
                    "topk",
                    "bottomk",
                    "quantile");

    /// A metric, and what its labels have to be.
    record Selector(String metric, List<Matcher> matchers) {}

    /// @param operator `=`, `!=`, `=~` or `!~`
    record Matcher(String label, String operator, String value) {

        boolean matches(String actual) {
            return switch (operator) {
                case "=" -> actual.equals(value);
                case "!=" -> !actual.equals(value);
                case "=~" -> Pattern.matches(value, actual);
                case "!~" -> !Pattern.matches(value, actual);
                default -> throw new IllegalStateException("no such operator: " + operator);
            };
        }
    }

    static Query of(String expression) {
        return new Words(WORD.matcher(expression).results().map(MatchResult::group).toList())
                .query();
    }

    private static final class Words {

        private final List<String> words;
        private final List<Selector> selectors = new ArrayList<>();
        private final Set<String> labels = new LinkedHashSet<>();
        private final Set<String> made = new LinkedHashSet<>();
        private int at;

        Words(List<String> words) {
            this.words = words;
        }

        Query query() {
            boolean rewrites = false;
            while (at < words.size()) {
                var word = words.get(at++);
                if (word.equals("{")) {
                    throw new IllegalArgumentException("a selector without a name: " + words);
                } else if (LISTS_LABELS.contains(word)) {
                    labels();
                } else if (word.equals("label_replace")) {
                    rewrites = true;
                } else if (rewrites && word.startsWith("\"")) {
                    // The first text is the label that is made, the third the one that it is made
                    // of.
                    made.add(text(word));
                    labels.add(text(words.get(at + 3)));
                    at += 6;
                    rewrites = false;
                } else if (isName(word) && !next("(") && !NO_METRICS.contains(word)) {
                    selectors.add(new Selector(word, next("{") ? matchers() : List.of()));
                }
            }
            return new Query(List.copyOf(selectors), Set.copyOf(labels), Set.copyOf(made));
        }

        private boolean next(String word) {
            return at < words.size() && words.get(at).equals(word);
        }

        private void labels() {
            if (!next("(")) {
                return;
            }
            for (at++; !next(")"); at++) {
                if (isName(words.get(at))) {
                    labels.add(words.get(at));
                }
            }
            at++;
        }

        private List<Matcher> matchers() {
            var matchers = new ArrayList<Matcher>();
            at++;
            while (!next("}")) {
                matchers.add(
                        new Matcher(words.get(at), words.get(at + 1), text(words.get(at + 2))));
                at += 3;
                if (next(",")) {
                    at++;
                }
            }
            at++;
            return matchers;
        }

        private static boolean isName(String word) {
            return Character.isLetter(word.charAt(0)) || "_:".indexOf(word.charAt(0)) >= 0;
        }

        private static String text(String quoted) {
            return quoted.substring(1, quoted.length() - 1).replace("\\\\", "\\");
        }
    }
}
