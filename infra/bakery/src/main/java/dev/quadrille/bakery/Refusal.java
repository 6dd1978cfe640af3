package dev.quadrille.bakery;

/// What the bakery will not do, and what a person can do instead.
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int MISSING = 2;
    private static final int TAKEN = 4;

    private final int exitCode;

    private Refusal(int exitCode, String why) {
        super(why);
        this.exitCode = exitCode;
    }

    /// Something is not there of which an image is made.
    static Refusal missing(String why) {
        return new Refusal(MISSING, why);
    }

    /// A tag stands for another image already.
    static Refusal taken(String why) {
        return new Refusal(TAKEN, why);
    }

    int exitCode() {
        return exitCode;
    }
}
