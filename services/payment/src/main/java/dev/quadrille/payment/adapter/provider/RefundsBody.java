package dev.quadrille.payment.adapter.provider;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// The refunds of one PaymentIntent, newest first.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record RefundsBody(List<RefundBody> data) {

    RefundsBody {
        data = List.copyOf(data);
    }
}
