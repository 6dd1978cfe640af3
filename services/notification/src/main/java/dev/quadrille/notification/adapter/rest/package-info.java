/// The notification service's HTTP face.
@NullMarked
package dev.quadrille.notification.adapter.rest;

import org.jspecify.annotations.NullMarked;
