/// The inventory service's tables.
@NullMarked
package dev.quadrille.inventory.adapter.postgres;

import org.jspecify.annotations.NullMarked;
