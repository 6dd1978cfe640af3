/// A Java agent that lets a service die, or stand still, at a named point of its code.
///
/// `-javaagent:quadrille-crash-agent.jar=<folder>` says where it finds its orders. A file
/// `<folder>/<point>` lets the process that comes to the point first be killed by SIGKILL, and
/// takes the file away; `<folder>/<point>.stop` stops it by SIGSTOP instead. [CrashPoint] has the
/// points.
@NullMarked
package dev.quadrille.crash;

import org.jspecify.annotations.NullMarked;
