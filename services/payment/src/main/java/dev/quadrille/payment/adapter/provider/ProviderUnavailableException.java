package dev.quadrille.payment.adapter.provider;

/// The provider did not answer, or not what was asked.
public final class ProviderUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProviderUnavailableException(Throwable cause) {
        super(cause);
    }
}
