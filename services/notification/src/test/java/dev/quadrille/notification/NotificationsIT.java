package dev.quadrille.notification;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/// The same of what was built: the jar, or the native image.
@QuarkusIntegrationTest
class NotificationsIT extends NotificationsTest {}
