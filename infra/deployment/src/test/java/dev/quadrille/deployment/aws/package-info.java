/// Whether `infra/aws` would be understood by AWS, eksctl and Kubernetes, and promises what it
/// should.
@NullMarked
package dev.quadrille.deployment.aws;

import org.jspecify.annotations.NullMarked;
