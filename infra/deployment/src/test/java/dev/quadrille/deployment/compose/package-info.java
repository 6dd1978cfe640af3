/// `docker-compose.yml`, held against what `./run.sh` gives and what the services read.
@NullMarked
package dev.quadrille.deployment.compose;

import org.jspecify.annotations.NullMarked;
