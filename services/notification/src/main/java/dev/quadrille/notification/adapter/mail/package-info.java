/// How the notification service writes mails and hands them to the mail server.
@NullMarked
package dev.quadrille.notification.adapter.mail;

import org.jspecify.annotations.NullMarked;
