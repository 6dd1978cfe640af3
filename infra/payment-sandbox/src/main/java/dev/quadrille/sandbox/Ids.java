package dev.quadrille.sandbox;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// Ids that look like Stripe's. They come from a secure source, because a client secret is made the
/// same way.
final class Ids {

    private static final String LETTERS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final RandomGenerator random = new SecureRandom();

    String intent() {
        return "pi_" + letters();
    }

    String charge() {
        return "ch_" + letters();
    }

    String refund() {
        return "re_" + letters();
    }

    String event() {
        return "evt_" + letters();
    }

    String request() {
        return "req_" + letters();
    }

    String clientSecret(String intent) {
        return intent + "_secret_" + letters();
    }

    private String letters() {
        StringBuilder letters = new StringBuilder(24);
        for (int i = 0; i < 24; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }
}
