package dev.quadrille.order.adapter.rest;

/// A text as somebody types it into one line: nothing in it ends a line, steers a terminal, or is
/// no character at all.
final class OneLine {

    static final String PATTERN = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]*";
    static final String MESSAGE = "must not have control characters";

    private OneLine() {}
}
