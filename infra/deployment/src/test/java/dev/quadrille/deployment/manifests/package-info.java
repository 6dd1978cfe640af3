/// The manifests: what the build writes, what is rendered from it, and what always holds for it.
@NullMarked
package dev.quadrille.deployment.manifests;

import org.jspecify.annotations.NullMarked;
