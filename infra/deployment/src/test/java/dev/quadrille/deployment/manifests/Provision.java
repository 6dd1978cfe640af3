package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A ConfigMap or Secret that will be there, and what is in it.
///
/// @param by who makes it: the rendering itself, or an operator at the word of one of its objects
record Provision(String kind, String name, Set<String> keys, String by) {

    Provision {
        keys = Set.copyOf(keys);
    }

    static List<Provision> of(Rendered rendered) {
        var all = new ArrayList<Provision>();
        rendered.manifests().forEach(manifest -> of(manifest).forEach(all::add));
        return all;
    }

    static Optional<Provision> find(List<Provision> provisions, String kind, String name) {
        return provisions.stream()
                .filter(each -> each.kind().equals(kind) && each.name().equals(name))
                .findFirst();
    }

    /// The one list of what others define: what each operator makes of which object.
    private static Stream<Provision> of(Manifest manifest) {
        var name = manifest.name();
        return switch (manifest.kind()) {
            case "ConfigMap", "Secret" ->
                    Stream.of(
                            new Provision(
                                    manifest.kind(),
                                    name,
                                    Stream.of("data", "binaryData", "stringData")
                                            .flatMap(part ->
                                                    Manifest.names(manifest.at(part)).stream())
                                            .collect(toSet()),
                                    "the rendering"));
            case "Kafka" ->
                    Stream.of(
                            secret(
                                    name + "-cluster-ca-cert",
                                    "Strimzi",
                                    "ca.crt",
                                    "ca.p12",
                                    "ca.password"));
            case "KafkaUser" ->
                    manifest.at("spec", "authentication", "type").asText().equals("scram-sha-512")
                            ? Stream.of(secret(name, "Strimzi", "password", "sasl.jaas.config"))
                            : Stream.of();
            case "Cluster" ->
                    Stream.of(
                            secret(
                                    name + "-app",
                                    "CloudNativePG",
                                    "username",
                                    "password",
                                    "dbname",
                                    "host",
                                    "port",
                                    "uri",
                                    "jdbc-uri",
                                    "pgpass"),
                            secret(name + "-ca", "CloudNativePG", "ca.crt", "ca.key"));
            case "ExternalSecret" ->
                    Stream.of(
                            new Provision(
                                    "Secret",
                                    manifest.at("spec", "target").path("name").asText(name),
                                    keys(manifest),
                                    "External Secrets"));
            case "Gateway" ->
                    manifest.at("metadata", "annotations").has("cert-manager.io/cluster-issuer")
                            ? each(manifest.at("spec", "listeners"))
                                    .flatMap(listener ->
                                            each(Manifest.at(listener, "tls", "certificateRefs")))
                                    .map(certificate ->
                                            secret(
                                                    certificate.path("name").asText(),
                                                    "cert-manager",
                                                    "tls.crt",
                                                    "tls.key"))
                            : Stream.of();
            default -> Stream.of();
        };
    }

    /// With a template, what it makes of what is read, and nothing else.
    private static Set<String> keys(Manifest externalSecret) {
        var template = externalSecret.at("spec", "target", "template", "data");
        return template.isMissingNode()
                ? each(externalSecret.at("spec", "data"))
                        .map(data -> data.path("secretKey").asText())
                        .collect(toSet())
                : Set.copyOf(Manifest.names(template));
    }

    private static Provision secret(String name, String by, String... keys) {
        return new Provision("Secret", name, Set.of(keys), by);
    }
}
