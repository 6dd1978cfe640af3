package dev.quadrille.inventory.adapter.rest;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/// What a client sends to list a product.
public record ProductRequest(
        @NotBlank
                @Size(max = 200)
                @Pattern(regexp = "\\P{Cntrl}*", message = "must not have control characters")
                String name,
        @NotNull @Valid Price price) {

    /// What one piece costs.
    ///
    /// @param amountMinor in the currency's minor unit; so bounded that no order's total overflows
    public record Price(
            @NotNull @Min(1) @Max(1_000_000_000) Long amountMinor,
            @NotNull @Pattern(regexp = "[A-Z]{3}", message = "must be an ISO 4217 code in capitals")
                    String currency) {}
}
