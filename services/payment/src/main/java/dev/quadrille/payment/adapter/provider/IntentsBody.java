package dev.quadrille.payment.adapter.provider;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// A page of PaymentIntents, of a list or of a search.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record IntentsBody(List<IntentBody> data, @JsonProperty("has_more") boolean more) {

    IntentsBody {
        data = List.copyOf(data);
    }
}
