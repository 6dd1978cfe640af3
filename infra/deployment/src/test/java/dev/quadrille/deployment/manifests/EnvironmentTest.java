package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A variable that nobody reads is a mistake that nobody notices: a name that is mistyped, or one
/// that a service had once.
class EnvironmentTest {

    /// Of Quarkus and of Kafka's clients, as their documentation of settings names them.
    private static final Set<String> LIBRARIES =
            Set.of(
                    "KAFKA_BOOTSTRAP_SERVERS",
                    "KAFKA_SASL_JAAS_CONFIG",
                    "KAFKA_SASL_MECHANISM",
                    "KAFKA_SECURITY_PROTOCOL",
                    "KAFKA_SSL_TRUSTSTORE_LOCATION",
                    "KAFKA_SSL_TRUSTSTORE_TYPE",
                    "QUARKUS_DATASOURCE_PASSWORD",
                    "QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM",
                    "QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE",
                    "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM",
                    "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS",
                    "QUARKUS_DATASOURCE_REACTIVE_URL",
                    "QUARKUS_DATASOURCE_USERNAME",
                    "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
                    "QUARKUS_OTEL_TRACES_SAMPLER_ARG");

    /// Without these a service does not start, or starts and does nothing.
    private static final Set<String> NEEDED =
            Set.of(
                    "KAFKA_BOOTSTRAP_SERVERS",
                    "KAFKA_SASL_JAAS_CONFIG",
                    "KAFKA_SASL_MECHANISM",
                    "KAFKA_SECURITY_PROTOCOL",
                    "KAFKA_SSL_TRUSTSTORE_LOCATION",
                    "KAFKA_SSL_TRUSTSTORE_TYPE",
                    "QUARKUS_DATASOURCE_PASSWORD",
                    "QUARKUS_DATASOURCE_REACTIVE_URL",
                    "QUARKUS_DATASOURCE_USERNAME");

    static Stream<String> environments() {
        return Kustomize.ENVIRONMENTS.stream();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void aServiceKnowsEveryVariableAndGetsWhatItNeeds(String environment) {
        var rendered = Kustomize.overlay(environment);

        for (var service : Sources.SERVICES) {
            var known = new TreeSet<>(LIBRARIES);
            known.addAll(Sources.variables(service));
            if (service.equals("notification")) {
                Stream.of("HOST", "PORT", "START_TLS", "LOGIN", "USERNAME", "PASSWORD", "FROM")
                        .forEach(setting -> known.add("QUARKUS_MAILER_" + setting));
            }

            assertThat(variables(rendered, service))
                    .as(service)
                    .isSubsetOf(known)
                    .containsAll(needed(service));
        }
    }

    @ParameterizedTest
    @MethodSource("environments")
    void soDoTheSandboxAndTheJobs(String environment) {
        var rendered = Kustomize.overlay(environment);
        var sandbox = Sources.allJava("infra/payment-sandbox");

        assertThat(variables(rendered, "payment-sandbox"))
                .allSatisfy(variable -> assertThat(sandbox).contains("\"" + variable + "\""));
        if (Sources.has("infra/jobs/src/main/java")) {
            var jobs = Sources.allJava("infra/jobs") + Sources.allJava("infra/migrations");
            assertThat(variables(rendered, "jobs"))
                    // Ours alone, to put the address of it together.
                    .filteredOn(variable -> !variable.equals("DATABASE_URL"))
                    .allSatisfy(variable -> assertThat(jobs).contains(variable));
        }
    }

    @ParameterizedTest
    @MethodSource("environments")
    void everybodyTrustsTheFileThatIsMounted(String environment) {
        var rendered = Kustomize.overlay(environment);

        rendered.pods()
                .filter(pods -> Sources.SERVICES.contains(pods.of().name()) && !pods.isOperated())
                .forEach(pods -> {
                    var mounts =
                            pods.containers()
                                    .flatMap(container -> each(container.path("volumeMounts")))
                                    .map(mount -> mount.path("mountPath").asText())
                                    .toList();
                    assertThat(mounts)
                            .as(pods.toString())
                            .contains("/etc/quadrille/kafka", "/etc/quadrille/database");
                });
        assertThat(
                        rendered.all("ConfigMap")
                                .map(told ->
                                        told.at("data", "KAFKA_SSL_TRUSTSTORE_LOCATION").asText())
                                .filter(file -> !file.isEmpty()))
                .hasSize(Sources.SERVICES.size())
                .containsOnly("/etc/quadrille/kafka/ca.crt");
    }

    private static Set<String> needed(String service) {
        var all = new TreeSet<>(NEEDED);
        switch (service) {
            case "payment" ->
                    Stream.of("URL", "KEY", "WEBHOOK_SECRET")
                            .forEach(setting -> all.add("QUADRILLE_PAYMENT_PROVIDER_" + setting));
            case "notification" ->
                    Stream.of("HOST", "PORT", "FROM")
                            .forEach(setting -> all.add("QUARKUS_MAILER_" + setting));
            default -> {}
        }
        return all;
    }

    private static Set<String> variables(Rendered rendered, String container) {
        var all = new TreeSet<String>();
        rendered.pods()
                .flatMap(Pods::containers)
                .filter(each -> each.path("name").asText().equals(container))
                .forEach(each -> {
                    each(each.path("env"))
                            .forEach(variable -> all.add(variable.path("name").asText()));
                    each(each.path("envFrom"))
                            .map(source -> Manifest.at(source, "configMapRef", "name"))
                            .forEach(name -> all.addAll(keys(rendered, name)));
                });
        return all;
    }

    private static Set<String> keys(Rendered rendered, JsonNode configMap) {
        return Provision.find(Provision.of(rendered), "ConfigMap", configMap.asText())
                .orElseThrow()
                .keys();
    }
}
