package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.payment.domain.Payment.Known;
import java.time.Instant;

/// A payment as it lies in its row, and since when.
public record Standing(Known payment, Instant changedAt) {}
