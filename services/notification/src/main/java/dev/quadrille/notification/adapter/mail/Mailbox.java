package dev.quadrille.notification.adapter.mail;

import java.net.IDN;
import java.util.Optional;
import java.util.regex.Pattern;

/// An address that can stand in an SMTP command and in a header as it is.
///
/// The contract asks no more of a mail address than an @. What is taken from it here is the
/// dot-atom form of [RFC 5321, 4.1.2](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2) in
/// ASCII, with a domain that may be written in any script: no blank, no line break, no bracket, and
/// so nothing that could end the command or begin another header. Quoted names and address literals
/// are not taken; the mail client cannot send to a name beyond ASCII.
///
/// @param address the domain in its ASCII form
record Mailbox(String address) {

    private static final int MAX_CHARACTERS = 254;
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile(
                    "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

    static Optional<Mailbox> of(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1
                || text.length() > MAX_CHARACTERS
                || !NAME.matcher(text.substring(0, at)).matches()) {
            return Optional.empty();
        }
        return ascii(text.substring(at + 1))
                .filter(domain -> DOMAIN.matcher(domain).matches())
                .map(domain -> text.substring(0, at + 1) + domain)
                .filter(address -> address.length() <= MAX_CHARACTERS)
                .map(Mailbox::new);
    }

    private static Optional<String> ascii(String domain) {
        try {
            return Optional.of(IDN.toASCII(domain));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
