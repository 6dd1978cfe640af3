package dev.quadrille.order.adapter.rest;

import dev.quadrille.contract.Sku;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/// What a client sends to place an order. It has no prices: they come from the catalogue.
public record OrderRequest(
        @NotNull @Valid Buyer customer,
        @NotNull @Pattern(regexp = "[A-Z]{3}", message = "must be an ISO 4217 code in capitals")
                String currency,
        @NotNull @Size(min = 1, max = 100) List<@NotNull @Valid Line> lines,
        @NotNull @Pattern(regexp = "[A-Za-z0-9_]{1,255}", message = "must be the provider's token")
                String paymentMethod) {

    /// Who orders.
    public record Buyer(
            @NotBlank @Size(max = 100) @Pattern(regexp = OneLine.PATTERN, message = OneLine.MESSAGE)
                    String id,
            @NotBlank
                    @Email
                    @Size(max = 254)
                    @Pattern(
                            regexp = "[^\\p{Cc}\\p{Cs}\\p{Z}]*",
                            message = "must not have blanks or control characters")
                    String email) {}

    /// What is ordered of one product.
    ///
    /// @param quantity in pieces
    public record Line(
            @NotNull @Pattern(regexp = Sku.PATTERN, message = "must be a sku") String sku,
            @NotNull @Min(1) @Max(1_000_000) Integer quantity) {}
}
