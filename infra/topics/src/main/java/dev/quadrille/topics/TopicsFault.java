package dev.quadrille.topics;

/// The topics could not be created or looked at; the message is for people, and of one line.
public final class TopicsFault extends Exception {
    private static final long serialVersionUID = 1;

    TopicsFault(String broker, Throwable cause) {
        super("The topics at %s are not ready: %s".formatted(broker, said(cause)), cause);
    }

    /// What Kafka's clients wrap, they often wrap in words that say less.
    private static String said(Throwable cause) {
        var inner = cause;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        var message = inner.getMessage();
        return inner.getClass().getSimpleName().replaceFirst("Exception$", "")
                + (message == null ? "" : ": " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
