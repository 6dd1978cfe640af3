package dev.quadrille.local;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;

/// The process of the part mail: takes every mail for every address, and keeps it in memory until
/// it ends. Read it over IMAP, with the address as the user and any password.
final class MailSink {

    private static final String LOOPBACK = "127.0.0.1";

    private MailSink() {}

    /// @param arguments the ports for SMTP and IMAP
    public static void main(String[] arguments) throws InterruptedException {
        PartLog.begin("com.icegreen");
        var mail =
                new GreenMail(
                                new ServerSetup[] {
                                    new ServerSetup(
                                            Integer.parseInt(arguments[0]),
                                            LOOPBACK,
                                            ServerSetup.PROTOCOL_SMTP),
                                    new ServerSetup(
                                            Integer.parseInt(arguments[1]),
                                            LOOPBACK,
                                            ServerSetup.PROTOCOL_IMAP)
                                })
                        .withConfiguration(
                                GreenMailConfiguration.aConfig().withDisabledAuthentication());
        mail.start();
        // GreenMail's threads are daemons; the process ends by its signal.
        Thread.currentThread().join();
    }
}
