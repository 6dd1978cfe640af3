/// The schemas of the services' databases, each brought up to date before its service starts.
///
/// The services know nothing of it: Flyway and JDBC would cost each start of each replica time and
/// memory, and replicas that start together would wait for one another. A service that finds fewer
/// migrations than it was built for is not ready, and says so.
@NullMarked
package dev.quadrille.migrations;

import org.jspecify.annotations.NullMarked;
