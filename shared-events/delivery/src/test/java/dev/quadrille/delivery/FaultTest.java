package dev.quadrille.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22P02", // invalid text representation
                "22003", // number out of range
                "23505", // unique violation
                "23514", // check violation
                "P0001", // raised by a function
            })
    void whatTheDatabaseSaysOfTheDataIsAFaultOfTheEvent(String state) {
        assertThat(Fault.of(pg(state))).isEqualTo(Fault.OF_THE_EVENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", // connection failure
                "40001", // serialization failure
                "40P01", // deadlock
                "42P01", // a table is missing: a migration was forgotten
                "53300", // too many connections
                "55P03", // lock not available
                "57P01", // administrator's shutdown
                "58030", // I/O error
                "28P01", // password
                "XX000", // internal error
                "99999", "",
            })
    void everythingElseItSaysIsAFaultOfTheWorld(String state) {
        assertThat(Fault.of(pg(state))).isEqualTo(Fault.OF_THE_WORLD);
    }

    static Stream<Throwable> ofTheWorld() {
        return Stream.of(
                new ConnectException(),
                new IOException(),
                new UncheckedIOException(new IOException()),
                new TimeoutException(),
                new io.smallrye.mutiny.TimeoutException(),
                new VertxException("Connection was closed", true),
                new StaleStateException(1, 0),
                new OutOfMemoryError(),
                new CompletionException(new ConnectException()));
    }

    @ParameterizedTest
    @MethodSource("ofTheWorld")
    void outagesRacesAndExhaustionAreFaultsOfTheWorld(Throwable failure) {
        assertThat(Fault.of(failure)).isEqualTo(Fault.OF_THE_WORLD);
    }

    static Stream<Throwable> ofTheEvent() {
        return Stream.of(
                new IllegalStateException(),
                new NullPointerException(),
                new ArithmeticException(),
                new StackOverflowError(),
                new AssertionError(),
                new CompletionException(new IllegalArgumentException()));
    }

    @ParameterizedTest
    @MethodSource("ofTheEvent")
    void whatTheCodeThrowsIsAFaultOfTheEvent(Throwable failure) {
        assertThat(Fault.of(failure)).isEqualTo(Fault.OF_THE_EVENT);
    }

    @Test
    void whatIsLoggedNeverQuotesTheMessage() {
        var failure = new IllegalStateException("ada@example.com");

        assertThat(Fault.named(failure))
                .contains("IllegalStateException", "FaultTest")
                .doesNotContain("ada");
        assertThat(Fault.named(pg("22P02"))).isEqualTo("SQLSTATE 22P02");
        assertThat(Fault.described(failure)).contains("ada@example.com");
    }

    private static PgException pg(String state) {
        return new PgException("invalid input: \"ada@example.com\"", "ERROR", state, "");
    }
}
