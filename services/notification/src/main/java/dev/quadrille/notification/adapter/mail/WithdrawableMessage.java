package dev.quadrille.notification.adapter.mail;

import io.vertx.ext.mail.MailMessage;
import java.util.concurrent.atomic.AtomicReference;

/// A message that knows whether anybody has read it, and that can be withdrawn until then.
///
/// The mail client does not say how far a conversation had come when it broke off. But it cannot
/// have sent a text that it has not read, and it reads the text only once it has a connection that
/// has passed greeting, encryption and login. So what went wrong before that is known not to have
/// sent the mail. A later version of the client that reads earlier would make more outcomes
/// unclear, and never make an unclear one look safe.
final class WithdrawableMessage extends MailMessage {

    private enum Stage {
        UNREAD,
        READ,
        WITHDRAWN
    }

    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.UNREAD);

    /// @return whether nobody has read it, and nobody will
    boolean withdraw() {
        return stage.compareAndExchange(Stage.UNREAD, Stage.WITHDRAWN) != Stage.READ;
    }

    @Override
    public String getText() {
        read();
        return super.getText();
    }

    @Override
    public String getHtml() {
        read();
        return super.getHtml();
    }

    private void read() {
        if (stage.compareAndExchange(Stage.UNREAD, Stage.READ) == Stage.WITHDRAWN) {
            throw new IllegalStateException("the message was withdrawn");
        }
    }
}
