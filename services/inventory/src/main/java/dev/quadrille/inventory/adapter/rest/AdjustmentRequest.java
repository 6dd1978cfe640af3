package dev.quadrille.inventory.adapter.rest;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/// What a client sends to change what lies on the shelf.
///
/// @param delta in pieces; negative to take some away
public record AdjustmentRequest(
        @NotNull @Min(-1_000_000_000) @Max(1_000_000_000) Long delta,
        @NotBlank
                @Size(max = 200)
                @Pattern(regexp = "\\P{Cntrl}*", message = "must not have control characters")
                String reason) {}
