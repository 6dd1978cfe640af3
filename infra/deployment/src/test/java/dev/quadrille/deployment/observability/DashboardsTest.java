package dev.quadrille.deployment.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Grafana shows without anybody's help. Whether what is asked for is there, the end-to-end
/// tests tell.
class DashboardsTest {

    private static final int GRID_COLUMNS = 24;

    static List<Path> dashboards() {
        return Observability.files("dashboards", ".json");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsInWhichUnitAndForTheNamespaceThatIsChosen(Path file) {
        var dashboard = Observability.json(file);

        assertThat(dashboard.path("panels"))
                .isNotEmpty()
                .allSatisfy(panel -> {
                    assertThat(panel.path("title").asText()).isNotBlank();
                    assertThat(panel.path("description").asText()).isNotBlank();
                    assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
                    assertThat(panel.at("/datasource/uid").asText()).isEqualTo("$datasource");
                    assertThat(panel.path("targets"))
                            .isNotEmpty()
                            .allSatisfy(target -> {
                                assertThat(target.path("expr").asText())
                                        .contains("namespace=~\"$namespace\"");
                                assertThat(target.path("legendFormat").asText()).isNotBlank();
                            });
                });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void noTwoPanelsLieOnEachOther(Path file) {
        var taken = new HashSet<List<Integer>>();
        var ids = new HashSet<Integer>();
        var faults = new ArrayList<String>();

        for (var panel : Observability.json(file).path("panels")) {
            var place = panel.path("gridPos");
            if (!ids.add(panel.path("id").asInt())) {
                faults.add("the id of " + panel.path("title") + " is another's");
            }
            if (right(place) > GRID_COLUMNS) {
                faults.add(panel.path("title") + " sticks out");
            }
            for (int x = place.path("x").asInt(); x < right(place); x++) {
                for (int y = place.path("y").asInt(); y < bottom(place); y++) {
                    if (!taken.add(List.of(x, y))) {
                        faults.add(panel.path("title") + " lies on another");
                    }
                }
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void everyDashboardHasANameOfItsOwnAndIsInTheComponent() {
        var component = Observability.yaml(Observability.file("kustomization.yaml"));
        var uids = new HashSet<String>();

        assertThat(dashboards())
                .isNotEmpty()
                .allSatisfy(file ->
                        assertThat(uids.add(Observability.json(file).path("uid").asText()))
                                .isTrue());
        assertThat(component.at("/configMapGenerator/0/files"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(
                        dashboards().stream()
                                .map(file -> "dashboards/" + file.getFileName())
                                .toList());
    }

    @Test
    void grafanaIsToldOfThePrometheusAndOfTheDashboards() {
        var source =
                Observability.yaml(
                                Observability.file(
                                        "grafana/provisioning/datasources/prometheus.yml"))
                        .at("/datasources/0");
        var provider =
                Observability.yaml(
                                Observability.file("grafana/provisioning/dashboards/quadrille.yml"))
                        .at("/providers/0");

        assertThat(source.path("type").asText()).isEqualTo("prometheus");
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(source.path("isDefault").asBoolean()).isTrue();
        assertThat(provider.at("/options/path").asText()).isEqualTo("/var/lib/grafana/dashboards");
    }

    private static int right(JsonNode place) {
        return place.path("x").asInt() + place.path("w").asInt();
    }

    private static int bottom(JsonNode place) {
        return place.path("y").asInt() + place.path("h").asInt();
    }
}
