/// The embedded stack: PostgreSQL, Kafka, the mail sink, the payment sandbox and the services, each
/// as its own process, started and watched by one small launcher.
///
/// | to change | touch |
/// |---|---|
/// | a command or an option | [Command], [Quadrille], help.txt, the list in run.sh |
/// | a variable of the environment | [Settings] or [Port], help.txt |
/// | how a part is started, or what it needs | its [Program]: [Postgres], [Kafka], [JavaProgram] |
/// | a part | [Part], [Port], [Program] |
/// | which of them there are several of | [Instance] |
/// | what happens when one ends | [Keeper], [PartState], [BackOff] |
/// | the order of starting and ending | [Stack] |
/// | what others know of a running stack | [StackState] |
@NullMarked
package dev.quadrille.local;

import org.jspecify.annotations.NullMarked;
