package dev.quadrille.payment.adapter.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of what the provider has for orders.
///
/// @param next what the page after it follows; null if there is none
public record IntentPage(List<ProviderIntent> intents, @Nullable String next) {}
