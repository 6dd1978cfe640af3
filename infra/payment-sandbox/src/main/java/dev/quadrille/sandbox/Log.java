package dev.quadrille.sandbox;

/// A line on the console. There are few: a start, an end, and what an operator should know. None is
/// written per request, and none holds a key, a secret or a payment method.
final class Log {

    private Log() {}

    static void line(String text) {
        System.out.println("payment-sandbox: " + text);
    }

    static void warning(String text) {
        System.err.println("payment-sandbox: " + text);
    }

    /// The message of an exception may quote what it tripped over, so only its kind and its place
    /// are told.
    static void fault(String what, Throwable fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        String at = trace.length == 0 ? "unknown place" : trace[0].toString();
        warning(what + ": " + fault.getClass().getName() + " at " + at);
    }
}
