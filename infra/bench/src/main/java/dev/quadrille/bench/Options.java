package dev.quadrille.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The options of a command line, one after the other: `--runs 5` or `--runs=5`.
final class Options {

    private final Deque<String> rest;
    private String name = "";

    Options(List<String> arguments) {
        rest = new ArrayDeque<>(arguments);
    }

    /// Goes on to the next option.
    ///
    /// @return whether there is one
    boolean next() {
        if (rest.isEmpty()) {
            return false;
        }
        String argument = rest.remove();
        int equals = argument.indexOf('=');
        name = equals > 0 ? argument.substring(0, equals) : argument;
        if (equals > 0) {
            rest.push(argument.substring(equals + 1));
        }
        return true;
    }

    String name() {
        return name;
    }

    String value() throws Unfit {
        String given = rest.poll();
        if (given == null) {
            throw new Unfit(name + " needs a value. ./run.sh bench help shows what it may be.");
        }
        return given;
    }

    int number(int least, int most) throws Unfit {
        return number(value(), least, most);
    }

    List<Integer> numbers(int least, int most) throws Unfit {
        var numbers = new ArrayList<Integer>();
        for (String one : value().split(",", -1)) {
            numbers.add(number(one.strip(), least, most));
        }
        return List.copyOf(numbers);
    }

    String oneOf(List<String> allowed) throws Unfit {
        String given = value();
        if (!allowed.contains(given)) {
            throw new Unfit(
                    "%s takes %s, not '%s'.".formatted(name, String.join(" or ", allowed), given));
        }
        return given;
    }

    /// With commas between them.
    List<String> someOf(List<String> allowed) throws Unfit {
        var chosen = new ArrayList<String>();
        for (String given : value().split(",", -1)) {
            if (!allowed.contains(given.strip())) {
                throw new Unfit(
                        "%s takes some of %s, not '%s'."
                                .formatted(name, String.join(",", allowed), given));
            }
            if (!chosen.contains(given.strip())) {
                chosen.add(given.strip());
            }
        }
        return List.copyOf(chosen);
    }

    Unfit unknown() {
        return new Unfit(
                "There is no option '%s'. ./run.sh bench help lists them.".formatted(name));
    }

    private int number(String given, int least, int most) throws Unfit {
        if (!given.matches("[0-9]{1,9}")
                || Integer.parseInt(given) < least
                || Integer.parseInt(given) > most) {
            throw new Unfit(
                    "%s takes numbers from %d to %d, not '%s'."
                            .formatted(name, least, most, given));
        }
        return Integer.parseInt(given);
    }

    /// Ends the reading at the first thing that does not fit.
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final String line;

        private Unfit(String line) {
            super(line);
            this.line = line;
        }

        String line() {
            return line;
        }
    }
}
