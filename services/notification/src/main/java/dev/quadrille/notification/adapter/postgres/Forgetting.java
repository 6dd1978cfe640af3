package dev.quadrille.notification.adapter.postgres;

/// What is forgotten of webhooks, one short transaction after the other: by the service as long as
/// it runs, and by a job while it is scaled to zero.
public final class Forgetting {

    /// How many deliveries at a time. As long as there are more, the next follow at once.
    public static final int AT_A_TIME = 1_000;

    /// Takes out deliveries that ended before `$1`, at most `$2`, except those that somebody has
    /// locked, and gives the `notification_id` of each. As long as their notification has not
    /// ended, they tell how it stands.
    public static final String DELIVERIES =
            """
            delete from webhook_deliveries
            where id = any(array(
                select delivery.id
                from webhook_deliveries as delivery
                    join notifications as about on about.id = delivery.notification_id
                where delivery.state in ('DELIVERED', 'GIVEN_UP') and delivery.changed_at < $1
                  and about.state in ('SENT', 'FAILED')
                order by delivery.changed_at
                limit $2
                for update of delivery skip locked))
            returning notification_id
            """;

    /// The notifications `$1`, before their bodies are looked at: of two who take out the last
    /// deliveries of one at the same time, the second sees that it is so.
    public static final String LOCK =
            "select from notifications where id = any($1) order by id for update";

    /// Of the notifications `$1`, those without a delivery lose their body. It is empty then and
    /// not null, which is how a mail is told from what goes to webhooks.
    public static final String BODIES =
            """
            update notifications set body = ''
            where id = any($1)
              and not exists (select from webhook_deliveries where notification_id = notifications.id)
            """;

    private Forgetting() {}
}
