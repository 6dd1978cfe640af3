package dev.quadrille.delivery;

/// Stands for the real one: the agent knows it by its name.
public final class Publisher {

    public int publish(int rows) {
        // Something with a frame at a branch, which the changed class must keep.
        return rows > 1 ? rows * 2 : rows;
    }
}
