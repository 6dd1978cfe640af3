package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.EncodedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CandidateTest {

    @ParameterizedTest
    @EnumSource(Candidate.class)
    void itsEventsAreReadableAndOnATopicThatItListensTo(Candidate service) {
        var events = service.events(new Orders(1, Instant.now()), 20).toList();

        assertThat(events)
                .hasSize(20)
                .allSatisfy(event -> {
                    assertThat(service.topics()).contains(event.topic());
                    var headers = event.attributes().headers();
                    assertThat(
                                    CloudEvents.decode(
                                            headers::get,
                                            event.body().getBytes(StandardCharsets.UTF_8)))
                            .isInstanceOf(Decoded.Known.class);
                });
        assertThat(events).extracting(event -> event.attributes().id()).doesNotHaveDuplicates();
        assertThat(events).extracting(EncodedEvent::key).doesNotHaveDuplicates();
    }
}
