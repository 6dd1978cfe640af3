/// Whether the pipelines and the scripts that they run do what they say.
@NullMarked
package dev.quadrille.deployment.pipelines;

import org.jspecify.annotations.NullMarked;
