package dev.quadrille.notification.domain;

/// What can happen to an endpoint.
public sealed interface EndpointInput {

    /// It was called.
    record Called(Answer answer) implements EndpointInput {}

    /// An operator wants it called again.
    record Enable() implements EndpointInput {}

    /// The receiver wants another secret. It prints masked.
    record RotateSecret(String next) implements EndpointInput {
        @Override
        public String toString() {
            return "RotateSecret[***]";
        }
    }
}
