package dev.quadrille.delivery;

/// Stands for one whose method was renamed.
public final class OutboxSession {

    public void confirmed() {}
}
