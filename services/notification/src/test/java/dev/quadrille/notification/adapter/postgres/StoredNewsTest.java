package dev.quadrille.notification.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.notification.domain.DatedNews;
import dev.quadrille.notification.domain.News;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.News.Refunded;
import dev.quadrille.notification.domain.News.Returned;
import dev.quadrille.notification.domain.News.Shipped;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredNewsTest {

    private static final Instant AT = Instant.parse("2026-11-21T03:00:00.000000001Z");
    private static final List<News> NEWS =
            List.of(
                    new Confirmed(),
                    new Cancelled(CancellationReason.TIMED_OUT),
                    new Shipped("DHL \"x\"", "JJD\\1"),
                    new Returned(),
                    new Refunded(new Money(900, "EUR")));

    @Test
    void newsReadBackAsTheyWereWritten() {
        var dated = NEWS.stream().map(news -> new DatedNews(news, AT)).toList();
        var json = Json.write(dated.stream().map(StoredNews::of).toList());

        assertThat(Json.news(json)).extracting(StoredNews::news).containsExactlyElementsOf(dated);
    }

    @Test
    void newsOfEachKindAreAmongThoseTried() {
        assertThat(NEWS).extracting(News::kind).containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void newsHoldOnlyTheFactsOfTheirKind() {
        assertThat(Json.write(List.of(StoredNews.of(new DatedNews(new Confirmed(), AT)))))
                .isEqualTo(
                        "[{\"kind\":\"ORDER_CONFIRMED\",\"at\":\"2026-11-21T03:00:00.000000001Z\"}]");
    }

    @Test
    void newsThatWereStoredWithoutATimeHaveNone() {
        assertThat(Json.news("[{\"kind\":\"ORDER_CONFIRMED\"}]"))
                .extracting(StoredNews::news)
                .containsExactly(new DatedNews(new Confirmed(), null));
    }

    @Test
    void linesReadBackAsTheyWereWritten() {
        var lines = List.of(new OrderLine("TEA-01", "Grüner \"Tee\"", 2, new Money(450, "EUR")));

        assertThat(Json.lines(Json.write(lines))).isEqualTo(lines);
    }
}
