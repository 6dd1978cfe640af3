/// How receivers are called: what they are sent, how it is signed, and where it may go.
@NullMarked
package dev.quadrille.notification.adapter.webhook;

import org.jspecify.annotations.NullMarked;
