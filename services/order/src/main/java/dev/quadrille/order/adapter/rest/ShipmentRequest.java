package dev.quadrille.order.adapter.rest;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/// What a client sends when the parcel is handed over.
///
/// @param carrier who brings it
/// @param trackingNumber by which the carrier knows the parcel
public record ShipmentRequest(
        @NotBlank @Size(max = 100) @Pattern(regexp = OneLine.PATTERN, message = OneLine.MESSAGE)
                String carrier,
        @NotBlank @Size(max = 100) @Pattern(regexp = OneLine.PATTERN, message = OneLine.MESSAGE)
                String trackingNumber) {}
