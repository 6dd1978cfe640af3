@NullMarked
package dev.quadrille.sandbox;

import org.jspecify.annotations.NullMarked;
