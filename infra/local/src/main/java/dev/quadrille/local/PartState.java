package dev.quadrille.local;

/// What a part is doing.
///
/// | from | when | to |
/// |---|---|---|
/// | WAITING | what it needs is ready | STARTING |
/// | STARTING | it answers | READY |
/// | STARTING | it ends or does not answer in time, for the first time | FAILED, and the stack ends |
/// | STARTING, READY | it ends | PAUSING |
/// | PAUSING | the pause is over | STARTING |
/// | any | the stack ends | STOPPED |
public enum PartState {
    WAITING,
    STARTING,
    READY,
    /// It ended, and is started again in a moment.
    PAUSING,
    FAILED,
    STOPPED
}
