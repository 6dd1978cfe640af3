package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

    @Test
    void nothingMeansUpWithAllParts() {
        assertThat(parse("")).isEqualTo(up(Set.of(Part.values()), false, false));
        assertThat(parse("up")).isEqualTo(parse(""));
    }

    @Test
    void optionsWithoutACommandAreForUp() {
        assertThat(parse("--fresh --detach")).isEqualTo(up(Set.of(Part.values()), true, true));
    }

    @Test
    void onlyAndWithoutChooseParts() {
        assertThat(parse("up --only postgres,kafka"))
                .isEqualTo(up(Set.of(Part.POSTGRES, Part.KAFKA), false, false));
        assertThat(parse("up --only=postgres,order --without=order"))
                .isEqualTo(up(Set.of(Part.POSTGRES), false, false));
    }

    @Test
    void theTestStacksLineIsUnderstood() {
        assertThat(
                        parse(
                                "up --only postgres,kafka,mail,payment-sandbox --free-ports --fresh"
                                        + " --owner 4711"))
                .isEqualTo(
                        new Command.Up(
                                Set.of(Part.POSTGRES, Part.KAFKA, Part.MAIL, Part.PAYMENT_SANDBOX),
                                true,
                                false,
                                true,
                                OptionalLong.of(4711),
                                1,
                                Flavour.AOT,
                                false));
    }

    @Test
    void aLauncherThatStaysGetsTheSameWish() {
        for (var flavour : Flavour.values()) {
            var wish = up(Set.of(Part.MAIL, Part.KAFKA), true, flavour);

            List<String> arguments = wish.argumentsToStay();

            assertThat(Command.parse(arguments))
                    .isEqualTo(
                            new Parsed.Good<Command>(
                                    up(Set.of(Part.MAIL, Part.KAFKA), false, flavour)));
        }
    }

    @Test
    void whatTheServicesAreIsChosen() {
        assertThat(parse("--native")).isEqualTo(flavoured(Flavour.NATIVE, false));
        assertThat(parse("up --no-aot")).isEqualTo(flavoured(Flavour.JVM, false));
        assertThat(parse("up --no-aot --record")).isEqualTo(flavoured(Flavour.JVM, true));
        assertThat(parse("record")).isEqualTo(new Command.Recording());
        assertThat(parse("migrate")).isEqualTo(new Command.Migrate());
    }

    @Test
    void theOtherCommandsAreUnderstood() {
        assertThat(parse("stop")).isEqualTo(new Command.Stop());
        assertThat(parse("status")).isEqualTo(new Command.Status());
        assertThat(parse("help")).isEqualTo(new Command.Help());
        assertThat(parse("--help")).isEqualTo(new Command.Help());
        assertThat(parse("logs")).isEqualTo(new Command.Logs(Optional.empty(), false));
        assertThat(parse("logs -f kafka"))
                .isEqualTo(new Command.Logs(Optional.of(Instance.first(Part.KAFKA)), true));
        assertThat(parse("restart order"))
                .isEqualTo(new Command.Restart(Instance.first(Part.ORDER)));
        assertThat(parse("demo")).isEqualTo(new Command.Demonstrate(1));
    }

    @Test
    void replicasAreKnownByPartAndNumber() {
        assertThat(parse("restart order-2"))
                .isEqualTo(new Command.Restart(new Instance(Part.ORDER, 2)));
        assertThat(parse("logs payment-4"))
                .isEqualTo(new Command.Logs(Optional.of(new Instance(Part.PAYMENT, 4)), false));
        assertThat(parse("demo --replicas 2")).isEqualTo(new Command.Demonstrate(2));
    }

    @Test
    void onlyTheServicesHaveReplicas() {
        var wish = (Command.Up) parse("--replicas=2 --only kafka,order,payment");

        assertThat(wish.instances())
                .extracting(Instance::title)
                .containsExactly("kafka", "order", "order-2", "payment", "payment-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "9", "5", "1.5", "10", ""})
    void aNumberOfReplicasThatIsNoneIsSaidInOneLine(String number) {
        for (String command : List.of("up", "demo")) {
            assertThat(wrong(command + " --replicas=" + number))
                    .isEqualTo("--replicas takes a number from 1 to 4, not '" + number + "'.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fly                | There is no command 'fly'. ./run.sh help lists them.",
                "up --quick         | There is no option '--quick'. ./run.sh help lists them.",
                "up --owner me      | --owner takes the id of a process, not 'me'.",
                "up --owner         | --owner takes the id of a process, not 'null'.",
                "up --replicas      | --replicas takes a number from 1 to 4.",
                "demo --fresh       | demo has one option, --replicas N. ./run.sh help lists what"
                        + " there is.",
                "stop now           | Too much: 'now'. ./run.sh help lists what there is.",
            })
    void whatIsWrongIsSaidInOneLine(String arguments, String line) {
        assertThat(wrong(arguments)).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up --only orders",
                "up --without=order,,kafka",
                "up --only",
                "logs orders",
                "restart",
                "restart orders",
                "restart order-1",
                "restart order-5",
                "restart kafka-2",
                "up --only order-2",
                "up --only mail --without mail"
            })
    void aPartThatIsNoneGetsTheListOfParts(String arguments) {
        assertThat(wrong(arguments))
                .contains(
                        "postgres, kafka, mail, payment-sandbox, order, inventory, payment,"
                                + " notification")
                .doesNotContain("\n");
    }

    private static Command parse(String arguments) {
        return switch (Command.parse(split(arguments))) {
            case Parsed.Good(var command) -> command;
            case Parsed.Wrong(var line) -> throw new AssertionError(line);
        };
    }

    private static String wrong(String arguments) {
        return switch (Command.parse(split(arguments))) {
            case Parsed.Good(var command) -> throw new AssertionError(command);
            case Parsed.Wrong(var line) -> line;
        };
    }

    private static List<String> split(String arguments) {
        return arguments.isEmpty() ? List.of() : List.of(arguments.split(" ", -1));
    }

    private static Command up(Set<Part> parts, boolean fresh, boolean detach) {
        return new Command.Up(
                parts, fresh, detach, false, OptionalLong.empty(), 1, Flavour.AOT, false);
    }

    private static Command flavoured(Flavour flavour, boolean records) {
        return new Command.Up(
                EnumSet.allOf(Part.class),
                false,
                false,
                false,
                OptionalLong.empty(),
                1,
                flavour,
                records);
    }

    private static Command.Up up(Set<Part> parts, boolean detach, Flavour flavour) {
        return new Command.Up(parts, true, detach, true, OptionalLong.of(12), 3, flavour, true);
    }
}
