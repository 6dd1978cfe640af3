package dev.quadrille.bakery;

/// What the bakery will not do, and what a person can do instead.
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    Refusal(String why) {
        super(why);
    }
}
