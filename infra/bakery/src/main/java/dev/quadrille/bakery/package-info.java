/// Bakes container images without an engine: bases of a folder's files, and upon them, with Jib,
/// the services and what else runs in a cluster. The same files give the same digest.
@NullMarked
package dev.quadrille.bakery;

import org.jspecify.annotations.NullMarked;
