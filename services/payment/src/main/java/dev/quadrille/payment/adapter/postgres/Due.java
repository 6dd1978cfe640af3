package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.payment.domain.Errand;

/// An errand that is leased to this process.
///
/// @param attempt from 1
public record Due(Errand errand, int attempt) {}
