package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every overlay, rendered as it is deployed.
class OverlaysTest {

    static Stream<String> environments() {
        return Kustomize.ENVIRONMENTS.stream();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void everyObjectIsStrictlyOneOfItsKind(String environment) {
        assertThat(Models.violations(Kustomize.overlay(environment))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void whatOneNamesAnotherIs(String environment) {
        assertThat(CrossChecks.violations(Kustomize.overlay(environment))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void everyWorkloadKeepsToThePolicies(String environment) {
        var objects =
                Kustomize.overlay(environment).manifests().stream().map(Manifest::tree).toList();

        assertThat(Policy.violations(objects)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void theJvmGetsTheMemoryThatItNeeds(String environment, @TempDir Path folder)
            throws IOException {
        var rendered = with("jvm", environment, folder);

        assertThat(Models.violations(rendered)).isEmpty();
        assertThat(
                        rendered.manifests().stream()
                                .filter(manifest ->
                                        manifest.is("Deployment") || manifest.is("Rollout"))
                                .filter(manifest ->
                                        BuiltManifests.SERVICES.contains(manifest.name()))
                                .map(manifest ->
                                        manifest.tree()
                                                .at(
                                                        "/spec/template/spec/containers/0/resources/limits/memory")
                                                .asText()))
                .containsExactly("512Mi", "512Mi", "512Mi", "512Mi");
        assertThat(Policy.violations(rendered.manifests().stream().map(Manifest::tree).toList()))
                .isEmpty();
    }

    @Test
    void alertsAndDashboardsComeWithProduction() {
        var rendered = Kustomize.overlay("production");

        assertThat(rendered.all("PrometheusRule")).isNotEmpty();
        assertThat(rendered.has("ConfigMap", "quadrille-dashboards")).isTrue();
    }

    @Test
    void istioGoesOnTopOfProduction(@TempDir Path folder) throws IOException {
        var rendered = with("istio", "production", folder);

        assertThat(Models.violations(rendered)).isEmpty();
        assertThat(CrossChecks.violations(rendered)).isEmpty();
        assertThat(
                        rendered.pods()
                                .filter(pods ->
                                        pods.labels().containsKey("sidecar.istio.io/inject")))
                .extracting(pods -> pods.of().toString())
                .containsExactlyInAnyOrder(
                        "Rollout order",
                        "Rollout inventory",
                        "Rollout payment",
                        "Rollout notification",
                        "CronJob reconcile");
    }

    /// Kustomize takes no absolute paths, and wants no file where the tests find it.
    private static Rendered with(String component, String environment, Path folder)
            throws IOException {
        var kubernetes = folder.toRealPath().relativize(Kustomize.KUBERNETES.toRealPath());
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: quadrille-%3$s
                resources: [%1$s/overlays/%3$s]
                components: [%1$s/components/%2$s]
                """
                        .formatted(kubernetes, component, environment));
        return Kustomize.rendered(folder);
    }
}
