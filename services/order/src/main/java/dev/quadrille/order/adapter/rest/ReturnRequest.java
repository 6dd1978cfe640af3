package dev.quadrille.order.adapter.rest;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/// What a client sends when the parcel has come back.
///
/// @param reason why, in the words of whoever took it in
public record ReturnRequest(
        @NotBlank @Size(max = 500) @Pattern(regexp = OneLine.PATTERN, message = OneLine.MESSAGE)
                String reason) {}
