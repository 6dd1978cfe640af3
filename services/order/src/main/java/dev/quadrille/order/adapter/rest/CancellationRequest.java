package dev.quadrille.order.adapter.rest;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What a client sends to cancel an order.
///
/// @param reason in the customer's words, if there are any
public record CancellationRequest(
        @Nullable @Size(max = 500) @Pattern(regexp = OneLine.PATTERN, message = OneLine.MESSAGE)
                String reason) {}
