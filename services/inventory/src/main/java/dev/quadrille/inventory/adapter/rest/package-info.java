/// The inventory service's HTTP face.
@NullMarked
package dev.quadrille.inventory.adapter.rest;

import org.jspecify.annotations.NullMarked;
