package dev.quadrille.crash;

import java.util.Locale;

/// Where a process may be made to die: at the entry of a method.
public enum CrashPoint {
    /// The business transaction is committed, and of its outbox rows a batch is claimed.
    AFTER_COMMIT_BEFORE_PUBLISH("dev/quadrille/delivery/Publisher", "publish"),
    /// The broker has acknowledged a batch; that its rows are deleted is not committed.
    AFTER_PUBLISH_BEFORE_DELETE("dev/quadrille/delivery/OutboxSession", "acknowledged"),
    /// What a polled batch leads to is committed; its offsets are not.
    AFTER_DATABASE_COMMIT_BEFORE_OFFSET_COMMIT("dev/quadrille/delivery/EventConsumer", "processed"),
    /// The listener has written all its effects, and nothing of it is committed.
    WITHIN_A_BATCH("dev/quadrille/delivery/Intake", "taken");

    private final String className;
    private final String method;

    CrashPoint(String className, String method) {
        this.className = className;
        this.method = method;
    }

    /// As files are called, such as `within-a-batch`.
    public String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// As in class files, such as `dev/quadrille/delivery/Publisher`.
    String className() {
        return className;
    }

    String method() {
        return method;
    }
}
