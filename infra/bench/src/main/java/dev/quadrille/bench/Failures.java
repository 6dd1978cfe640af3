package dev.quadrille.bench;

import dev.quadrille.local.Flavour;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The starts that are no part of the figures. One may fail on a machine that is busy; what fails
/// again and again is broken, and is not to cost the others their figures.
final class Failures {

    private static final int MOST = 3;

    private final Consumer<String> screen;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();

    Failures(Consumer<String> screen) {
        this.screen = screen;
    }

    /// @param subject what was to start
    /// @param round counted from 0
    void note(String subject, Flavour flavour, int round, Fault fault) {
        String what = what(subject, flavour);
        String line = "start %d of %s failed: %s".formatted(round + 1, what, fault.line());
        lines.add(line);
        screen.accept("  NOTE: " + line);
        if (counts.merge(what, 1, Integer::sum) == MOST) {
            screen.accept("  NOTE: %s is left out from now on.".formatted(what));
        }
    }

    boolean isBroken(String subject, Flavour flavour) {
        return counts.getOrDefault(what(subject, flavour), 0) >= MOST;
    }

    List<String> lines() {
        return lines;
    }

    private static String what(String subject, Flavour flavour) {
        return "%s as %s".formatted(subject, flavour.title());
    }
}
