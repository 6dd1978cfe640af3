package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventTypeTest {

    static Stream<Class<?>> families() {
        return Stream.of(DomainEvent.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyRecordOfAFamilyHasOneType(Class<?> family) {
        assertThat(family.getPermittedSubclasses())
                .allSatisfy(event ->
                        assertThat(EventType.values())
                                .filteredOn(type -> type.recordClass() == event)
                                .as("types of %s", event)
                                .hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("families")
    void aFamilyTravelsOnOneTopic(Class<?> family) {
        var topics =
                Stream.of(EventType.values())
                        .filter(type -> family.isAssignableFrom(type.recordClass()))
                        .map(EventType::topic);

        assertThat(topics.distinct()).hasSize(1);
    }

    @Test
    void noTwoTypesShareAWireName() {
        assertThat(EventType.values()).extracting(EventType::wireName).doesNotHaveDuplicates();
    }

    /// The constant and not the record, whose name may change as long as the wire name does not.
    @ParameterizedTest
    @EnumSource
    void wireNameIsTheNameOfTheConstantInKebabCase(EventType type) {
        assertThat(type.wireName())
                .isEqualTo(type.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @ParameterizedTest
    @EnumSource
    void noClassNameGoesOnTheWire(EventType type) {
        var written = CloudEvents.encode(Released.sample(type).envelope());

        assertThat(written.body() + written.attributes().headers())
                .doesNotContain("dev.quadrille")
                .doesNotContain(type.recordClass().getSimpleName());
    }

    @ParameterizedTest
    @EnumSource
    void typeIsFoundByItsWireNameAndByItsEvent(EventType type) {
        var event = Released.sample(type).envelope().event();

        assertThat(EventType.named(type.wireName())).contains(type);
        assertThat(EventType.of(event)).isEqualTo(type);
    }

    @ParameterizedTest
    @EnumSource
    void topicBelongsToTheServiceThatAnnounces(EventType type) {
        assertThat(CloudEvents.encode(Released.sample(type).envelope()).attributes().headers())
                .containsEntry("ce_source", type.topic().source());
    }

    @Test
    void nameThatNobodyHasIsNoType() {
        assertThat(EventType.named("order-teleported")).isEmpty();
        assertThat(EventType.named("ORDER_PLACED")).isEmpty();
        assertThat(EventType.named("")).isEmpty();
    }
}
