package dev.quadrille.chassis;

/// How many items a page may have: the query parameter `limit`.
public record Limit(int value) {

    public static final String DEFAULT = "50";
    private static final int MAX = 200;

    /// Called by JAX-RS with the parameter's text.
    public static Limit valueOf(String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= MAX) {
                return new Limit(value);
            }
        } catch (NumberFormatException _) {
            // Falls through: the answer is the same as for a number out of range.
        }
        throw Problem.badRequest("limit", "must be a number from 1 to " + MAX);
    }

    /// One more than the page holds tells whether another page follows.
    public int rows() {
        return value + 1;
    }
}
