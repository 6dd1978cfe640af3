/// What an installation runs once and ends, beside the services and with the same settings as
/// theirs: plain Java, because nothing here lives long enough to want more.
@NullMarked
package dev.quadrille.jobs;

import org.jspecify.annotations.NullMarked;
