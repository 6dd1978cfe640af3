package dev.quadrille.local;

import java.util.logging.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/// What the libraries in this jar's processes log: it goes to standard output, which for a part is
/// its log file. Mostly nothing, since they say much that is of no interest to somebody who writes
/// a service.
final class PartLog {

    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2}] %s%e%n";

    private PartLog() {}

    /// @param packages whose loggers may speak, from warnings on; of the others only errors count
    static void begin(String... packages) {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        LogContext context = LogContext.getLogContext();
        var root = context.getLogger("");
        root.setLevel(Level.SEVERE);
        root.setHandlers(
                new java.util.logging.Handler[] {
                    new ConsoleHandler(
                            ConsoleHandler.Target.SYSTEM_OUT, new PatternFormatter(PATTERN))
                });
        for (String name : packages) {
            context.getLogger(name).setLevel(Level.WARNING);
        }
        // The one line that says it is up.
        context.getLogger("kafka.server.KafkaRaftServer").setLevel(Level.INFO);
    }
}
