package dev.quadrille.jobs;

/// The call makes no sense like this; the message is for who made it, and of one line.
final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String line) {
        super(line);
    }
}
