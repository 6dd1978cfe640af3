package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.delivery.Versioned;
import dev.quadrille.payment.domain.Payment.Known;

/// A payment as it lies in its row, and what brought it there.
public record Filed(Versioned<Known> payment, Cause cause) {}
