/// The inventory service's use cases: load, decide, store and announce, in one transaction.
@NullMarked
package dev.quadrille.inventory.application;

import org.jspecify.annotations.NullMarked;
