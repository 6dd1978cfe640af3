package dev.quadrille.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A mail address. It prints masked, so that none reaches a log by accident.
public record EmailAddress(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EmailAddress {
        Check.that(value.indexOf('@') > 0, "a mail address has an @");
    }

    @Override
    public String toString() {
        // The last @: the name before it may hold another one, in quotes.
        return "***" + value.substring(value.lastIndexOf('@'));
    }
}
