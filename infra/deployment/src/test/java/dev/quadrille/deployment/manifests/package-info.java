/// What is deployed to Kubernetes: rendered as it is deployed, parsed strictly, and held together.
@NullMarked
package dev.quadrille.deployment.manifests;

import org.jspecify.annotations.NullMarked;
