package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

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
                                OptionalLong.of(4711)));
    }

    @Test
    void aLauncherThatStaysGetsTheSameWish() {
        var wish =
                new Command.Up(
                        Set.of(Part.MAIL, Part.KAFKA), true, true, true, OptionalLong.of(12));

        List<String> arguments = wish.argumentsToStay();

        assertThat(Command.parse(arguments))
                .isEqualTo(
                        new Parsed.Good<Command>(
                                new Command.Up(wish.parts(), true, false, true, wish.ownerPid())));
    }

    @Test
    void theOtherCommandsAreUnderstood() {
        assertThat(parse("stop")).isEqualTo(new Command.Stop());
        assertThat(parse("status")).isEqualTo(new Command.Status());
        assertThat(parse("help")).isEqualTo(new Command.Help());
        assertThat(parse("--help")).isEqualTo(new Command.Help());
        assertThat(parse("logs")).isEqualTo(new Command.Logs(Optional.empty(), false));
        assertThat(parse("logs -f kafka"))
                .isEqualTo(new Command.Logs(Optional.of(Part.KAFKA), true));
        assertThat(parse("restart order")).isEqualTo(new Command.Restart(Part.ORDER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fly                | There is no command 'fly'. ./run.sh help lists them.",
                "up --quick         | There is no option '--quick'. ./run.sh help lists them.",
                "up --owner me      | --owner takes the id of a process, not 'me'.",
                "up --owner         | --owner takes the id of a process, not 'null'.",
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
        return new Command.Up(parts, fresh, detach, false, OptionalLong.empty());
    }
}
