package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.payment.domain.Errand;
import java.time.Instant;

/// An errand that is leased to this process.
///
/// @param attempt from 1
/// @param firstAskedAt when the provider may first have been asked for anything about the payment
public record Due(Errand errand, int attempt, Instant firstAskedAt) {}
