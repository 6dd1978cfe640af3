package dev.quadrille.contract;

/// Who ordered.
///
/// @param id the customer's id in the shop's own terms
public record Customer(String id, EmailAddress email) {}
