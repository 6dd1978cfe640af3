/// The order service's HTTP face.
@NullMarked
package dev.quadrille.order.adapter.rest;

import org.jspecify.annotations.NullMarked;
