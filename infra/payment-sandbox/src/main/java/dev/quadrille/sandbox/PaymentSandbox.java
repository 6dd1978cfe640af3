package dev.quadrille.sandbox;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/// The program: a payment provider on one port. [Settings] says what can be set.
///
/// Exit codes: 2 if the settings make no sense, 1 if it could not start otherwise (a taken port, a
/// journal in use or not understood).
public final class PaymentSandbox implements AutoCloseable {

    private final Account account;
    private final Webhooks webhooks;
    private final HttpFace face;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PaymentSandbox(Account account, Webhooks webhooks, HttpFace face) {
        this.account = account;
        this.webhooks = webhooks;
        this.face = face;
    }

    public static void main(String[] args) {
        long begunAt = System.nanoTime();
        try {
            PaymentSandbox sandbox = start(Settings.from(System.getenv()));
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("ending").unstarted(sandbox::close));
            Log.line(
                    "listening on "
                            + sandbox.address()
                            + " after "
                            + Duration.ofNanos(System.nanoTime() - begunAt).toMillis()
                            + " ms, with "
                            + sandbox.account.size()
                            + " intents");
        } catch (Settings.Unusable e) {
            Log.warning(String.valueOf(e.getMessage()));
            System.exit(2);
        } catch (IOException e) {
            Log.warning(String.valueOf(e.getMessage()));
            System.exit(1);
        }
    }

    /// Returns when it listens.
    ///
    /// @throws IOException if the port is taken, or the journal is in use or not understood
    /// @throws Settings.Unusable if there can be no journal where the settings want it
    public static PaymentSandbox start(Settings settings) throws IOException, Settings.Unusable {
        return start(settings, InstantSource.system(), Thread::sleep);
    }

    static PaymentSandbox start(Settings settings, InstantSource clock, Pause pause)
            throws IOException, Settings.Unusable {
        Ids ids = new Ids();
        Webhooks webhooks = new Webhooks(settings, clock, ids);
        Account account = new Account(settings.data(), clock, webhooks);
        try {
            StripeApi api = new StripeApi(account, settings, clock, ids, pause);
            HttpFace face = new HttpFace(settings, api, ids);
            face.start();
            return new PaymentSandbox(account, webhooks, face);
        } catch (BindException e) {
            account.close();
            webhooks.close();
            throw new IOException(
                    "cannot listen on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + " ("
                            + e.getMessage()
                            + "); set QUADRILLE_SANDBOX_PORT to another port",
                    e);
        } catch (IOException | RuntimeException e) {
            account.close();
            webhooks.close();
            throw e;
        }
    }

    /// Where it listens, with the port that it really has.
    public URI address() {
        InetSocketAddress address = face.address();
        String host = address.getHostString();
        return URI.create(
                "http://"
                        + (host.contains(":") ? "[" + host + "]" : host)
                        + ":"
                        + address.getPort());
    }

    /// Lets the requests under way finish, within a bound. Closing again does nothing.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            face.close();
            webhooks.close();
            account.close();
        }
    }
}
