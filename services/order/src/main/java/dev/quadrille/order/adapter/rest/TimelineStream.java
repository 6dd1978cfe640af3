package dev.quadrille.order.adapter.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.order.adapter.postgres.TimelineEntity;
import dev.quadrille.order.application.FollowingTimelines;
import dev.quadrille.order.application.FollowingTimelines.Follower;
import dev.quadrille.order.application.FollowingTimelines.Following;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One client that follows a timeline, by [server-sent
/// events](https://html.spec.whatwg.org/multipage/server-sent-events.html).
///
/// At most what was read for it at once waits here for the client; while the client does not take
/// it, nothing more is read. A client that has not taken it by the second heartbeat is
/// disconnected.
final class TimelineStream implements Follower {

    private final RoutingContext http;
    private final Vertx vertx;
    private final Context context;
    private final HttpServerResponse response;
    private final ObjectMapper json;

    private volatile boolean ready = true;

    // Everything below is touched on the context alone.
    private boolean stuck;
    private boolean ended;
    private long heartbeat;
    private @Nullable Following following;
    private @Nullable UniEmitter<? super Boolean> closed;

    TimelineStream(RoutingContext http, ObjectMapper json) {
        this.http = http;
        this.vertx = http.vertx();
        this.context = vertx.getOrCreateContext();
        this.response = http.response();
        this.json = json;
    }

    /// Begins to write. What it returns comes when the stream has ended.
    ///
    /// @return false, at once, if there are too many already
    Uni<Boolean> follow(FollowingTimelines timelines, UUID orderId, long after) {
        var place = timelines.follow(orderId, after, this);
        if (place.isEmpty()) {
            return Uni.createFrom().item(false);
        }
        following = place.get();
        return Uni.createFrom()
                .emitter(emitter -> {
                    closed = emitter;
                    begin(timelines.heartbeat());
                });
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void take(List<TimelineEntity> entries, boolean last) {
        ready = false;
        context.runOnContext(_ -> write(entries, last));
    }

    private void begin(Duration interval) {
        response.setStatusCode(200)
                .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.SERVER_SENT_EVENTS)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .setChunked(true);
        heartbeat = vertx.setPeriodic(interval.toMillis(), _ -> beat());
        http.addEndHandler(_ -> end());
        if (http.request().method().equals(HttpMethod.HEAD) || response.closed()) {
            end();
        } else {
            // Sends the headers, which would else wait for the first event.
            response.write(": this is the timeline\n\n");
        }
    }

    private void write(List<TimelineEntity> entries, boolean last) {
        if (ended) {
            return;
        }
        var text = new StringBuilder();
        entries.forEach(entry -> text.append(event(entry)));
        if (!text.isEmpty()) {
            response.write(text.toString());
        }
        if (last) {
            end();
        } else if (response.writeQueueFull()) {
            response.drainHandler(_ -> readyAgain());
        } else {
            readyAgain();
        }
    }

    private void readyAgain() {
        stuck = false;
        ready = true;
        if (following != null) {
            following.resume();
        }
    }

    private void beat() {
        if (ready) {
            response.write(": still here\n\n");
        } else if (stuck) {
            drop();
        } else {
            stuck = true;
        }
    }

    /// Whoever ends it first: the order, the client or this service.
    private void end() {
        if (!ended && !response.closed() && !response.ended()) {
            response.end();
        }
        leave();
    }

    /// A connection of HTTP/1.1 would close only once the client has taken what waits for it, so
    /// its channel is closed beneath the handlers that see to that.
    private void drop() {
        if (http.request().version() != HttpVersion.HTTP_2
                && http.request().connection() instanceof ConnectionBase connection) {
            var _ = connection.channel().pipeline().firstContext().close();
        } else {
            response.reset();
        }
        leave();
    }

    private void leave() {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(heartbeat);
        if (following != null) {
            following.end();
        }
        if (closed != null) {
            closed.complete(true);
        }
    }

    private String event(TimelineEntity entry) {
        try {
            return "id: %d\nevent: %s\ndata: %s\n\n"
                    .formatted(
                            entry.position,
                            entry.type,
                            json.writeValueAsString(TimelineItem.of(entry)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an item of a timeline cannot be written", e);
        }
    }
}
