package dev.quadrille.payment.adapter.provider;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of PaymentIntents, of a list or of a search.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record IntentsBody(List<IntentBody> data, @JsonProperty("has_more") boolean more) {

    IntentsBody {
        data = List.copyOf(data);
    }

    /// What the page after it follows; null if there is none.
    @Nullable String next() {
        return more && !data.isEmpty() ? data.getLast().id() : null;
    }
}
