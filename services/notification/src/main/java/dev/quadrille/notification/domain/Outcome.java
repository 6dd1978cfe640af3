package dev.quadrille.notification.domain;

/// What came of one attempt to send a mail. Each error is a word such as `smtp-450`, never an
/// address.
public sealed interface Outcome {

    /// The mail server took the mail.
    record Accepted() implements Outcome {}

    /// The mail was surely not sent, and may be another time.
    record NotSent(String error) implements Outcome {}

    /// The mail was surely not sent, and never will be.
    record Refused(String error) implements Outcome {}

    /// The conversation broke off where the mail may have been sent or not.
    record Unclear() implements Outcome {}
}
