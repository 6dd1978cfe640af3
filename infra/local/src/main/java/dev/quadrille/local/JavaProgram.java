package dev.quadrille.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// A part that lies in the launcher's own jar, or beside it, and needs nothing more than its
/// settings.
record JavaProgram(
        Instance instance,
        List<String> command,
        Map<String, String> environment,
        Path folder,
        BooleanSupplier readiness,
        String address)
        implements Program {

    static final String SANDBOX_HEALTH = "/healthz";

    static JavaProgram mail(Settings settings) {
        int smtp = settings.port(Port.SMTP);
        int imap = settings.port(Port.IMAP);
        return new JavaProgram(
                Instance.first(Part.MAIL),
                Program.java(
                        96,
                        List.of(
                                "-cp",
                                classPath(),
                                MailSink.class.getName(),
                                Integer.toString(smtp),
                                Integer.toString(imap))),
                SMALL,
                settings.root(),
                () -> Program.listens(smtp) && Program.listens(imap),
                "smtp://localhost:%d, imap://localhost:%d".formatted(smtp, imap));
    }

    static JavaProgram paymentSandbox(Settings settings) {
        int port = settings.port(Port.SANDBOX);
        var environment = new HashMap<>(SMALL);
        environment.put("QUADRILLE_SANDBOX_PORT", Integer.toString(port));
        environment.put(
                "QUADRILLE_SANDBOX_DATA", settings.home().data(Part.PAYMENT_SANDBOX).toString());
        environment.put("QUADRILLE_SANDBOX_KEY", ServiceStart.PROVIDER_KEY);
        environment.put(
                "QUADRILLE_SANDBOX_WEBHOOK_URL",
                "http://localhost:%d/v1/provider-events".formatted(settings.port(Port.PAYMENT)));
        environment.put("QUADRILLE_SANDBOX_WEBHOOK_SECRET", ServiceStart.WEBHOOK_SECRET);
        return new JavaProgram(
                Instance.first(Part.PAYMENT_SANDBOX),
                Program.java(
                        64, List.of("-cp", classPath(), "dev.quadrille.sandbox.PaymentSandbox")),
                environment,
                settings.root(),
                () -> Program.isWell(port, SANDBOX_HEALTH),
                "http://localhost:" + port);
    }

    @Override
    public Invocation prepare(Guardian guardian) throws IOException {
        Files.createDirectories(folder);
        return new Invocation(command, environment, folder);
    }

    @Override
    public boolean answers() {
        return readiness.getAsBoolean();
    }

    @Override
    public void provision() {}

    @Override
    public String remedy() {
        return "leave it out with --without %s, or begin with empty data: ./run.sh --fresh"
                .formatted(instance.part().title());
    }

    /// The launcher's own, so that the parts in its jar need no folder of their own.
    static String classPath() {
        return System.getProperty("java.class.path");
    }
}
