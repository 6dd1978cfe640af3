package dev.quadrille.sandbox;

import java.time.Duration;

/// How the sandbox waits when it pretends to be slow; a test puts something else in its place.
interface Pause {
    void of(Duration duration) throws InterruptedException;
}
