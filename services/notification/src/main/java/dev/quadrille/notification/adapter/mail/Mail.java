package dev.quadrille.notification.adapter.mail;

/// A mail as it goes to the mail server.
///
/// @param id for the Message-ID: the same at each attempt, so that whoever gets a mail twice, from
///   whatever cause between the servers, can tell
/// @param to where it goes; not checked yet
/// @param subject without line breaks
record Mail(String id, String to, String subject, String text, String html) {

    @Override
    public String toString() {
        return "mail " + id;
    }
}
