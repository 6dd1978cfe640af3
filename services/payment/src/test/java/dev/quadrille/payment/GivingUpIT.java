package dev.quadrille.payment;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/// The same of what was built: the jar, or the native image.
@QuarkusIntegrationTest
class GivingUpIT extends GivingUpTest {}
