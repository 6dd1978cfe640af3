package dev.quadrille.deployment.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What holds for every workload, each policy a sentence. Sources: the Pod Security Standards
/// ("restricted") of Kubernetes, and for the rest what took a system down that did without.
enum Policy {
    IMAGE_IS_PINNED(
            "Its images are named by a version or a digest, never by latest, and by no host") {
        @Override
        Stream<String> complaints(Workload workload) {
            Pattern pinned =
                    Pattern.compile(
                            "[a-z0-9./-]+(:(?!latest)[\\w][\\w.-]*[\\d][\\w.-]*)?(@sha256:[0-9a-f]{64})?");
            return workload.containers()
                    .map(container -> container.path("image").asText())
                    .filter(image ->
                            !pinned.matcher(image).matches()
                                    || !(image.contains(":") || image.contains("@"))
                                    || image.substring(0, image.indexOf('/') + 1).contains("."))
                    .map(image -> "its image is '" + image + "'");
        }
    },

    NOT_ROOT("It runs as a user who is not root, by number") {
        @Override
        Stream<String> complaints(Workload workload) {
            JsonNode pod = workload.pod().path("securityContext");
            return Stream.concat(
                    complain(
                            !pod.path("runAsNonRoot").asBoolean()
                                    || pod.path("runAsUser").asLong() < 10_000
                                    || pod.path("runAsGroup").asLong() < 10_000,
                            "its pod's security context is " + pod),
                    workload.containers()
                            .map(container -> container.path("securityContext"))
                            .filter(context ->
                                    !context.path("runAsNonRoot").asBoolean(true)
                                            || context.path("runAsUser").asLong(65_532) < 10_000)
                            .map(context -> "a container's security context is " + context));
        }
    },

    READ_ONLY("Its root file system is read-only") {
        @Override
        Stream<String> complaints(Workload workload) {
            return workload.eachContainer(
                    "/securityContext/readOnlyRootFilesystem", value -> value.asBoolean());
        }
    },

    NO_CAPABILITIES("It has no capabilities") {
        @Override
        Stream<String> complaints(Workload workload) {
            return Stream.concat(
                    workload.eachContainer(
                            "/securityContext/capabilities/drop",
                            value -> value.size() == 1 && value.path(0).asText().equals("ALL")),
                    workload.eachContainer(
                            "/securityContext/capabilities/add", JsonNode::isMissingNode));
        }
    },

    NO_ESCALATION("It cannot gain privileges") {
        @Override
        Stream<String> complaints(Workload workload) {
            return Stream.concat(
                    workload.eachContainer(
                            "/securityContext/allowPrivilegeEscalation",
                            value -> !value.asBoolean(true)),
                    workload.eachContainer(
                            "/securityContext/privileged", value -> !value.asBoolean()));
        }
    },

    SECCOMP("Its system calls are filtered as the container runtime does by default") {
        @Override
        Stream<String> complaints(Workload workload) {
            JsonNode type = workload.pod().at("/securityContext/seccompProfile/type");
            return Stream.concat(
                    complain(
                            !type.asText().equals("RuntimeDefault"),
                            "its seccomp profile is " + type),
                    workload.eachContainer(
                            "/securityContext/seccompProfile", JsonNode::isMissingNode));
        }
    },

    NOTHING_OF_THE_HOST("It has no part in its host: no namespace, no path, no port") {
        @Override
        Stream<String> complaints(Workload workload) {
            return Stream.of(
                            Stream.of("hostNetwork", "hostPID", "hostIPC")
                                    .filter(field -> workload.pod().path(field).asBoolean()),
                            workload.volumes()
                                    .filter(volume -> volume.has("hostPath"))
                                    .map(JsonNode::toString),
                            workload.containers()
                                    .flatMap(container -> each(container.path("ports")))
                                    .filter(port -> port.has("hostPort"))
                                    .map(JsonNode::toString))
                    .flatMap(found -> found)
                    .map(found -> "it has " + found);
        }
    },

    BOUNDED_VOLUMES("What it may write to has a bound") {
        @Override
        Stream<String> complaints(Workload workload) {
            return workload.volumes()
                    .filter(volume ->
                            volume.has("emptyDir") && !volume.path("emptyDir").has("sizeLimit"))
                    .map(volume ->
                            "its volume " + volume.path("name") + " may grow over the node's disk");
        }
    },

    REQUESTS_AND_LIMITS("It requests CPU and memory, and has a limit of both that is no smaller") {
        @Override
        Stream<String> complaints(Workload workload) {
            return workload.containers()
                    .map(container -> container.path("resources"))
                    .flatMap(resources ->
                            Stream.of("cpu", "memory")
                                    .filter(of -> {
                                        JsonNode request = resources.path("requests").path(of);
                                        JsonNode limit = resources.path("limits").path(of);
                                        return request.isMissingNode()
                                                || limit.isMissingNode()
                                                || quantity(request).compareTo(quantity(limit)) > 0;
                                    })
                                    .map(of -> "of " + of + " it has " + resources));
        }
    },

    OWN_ACCOUNT("It has a service account of its own, whose token it does not see") {
        @Override
        Stream<String> complaints(Workload workload) {
            return Stream.concat(
                    complain(
                            workload.pod()
                                    .path("serviceAccountName")
                                    .asText("default")
                                    .equals("default"),
                            "its service account is the namespace's"),
                    complain(
                            workload.pod().path("automountServiceAccountToken").asBoolean(true),
                            "the token of its service account is mounted"));
        }
    },

    NO_SECRET_IN_SIGHT("What is secret comes from a Secret") {
        private static final Pattern SECRET =
                Pattern.compile(".*(PASSWORD|SECRET|TOKEN|JAAS_CONFIG|_KEY)");

        @Override
        Stream<String> complaints(Workload workload) {
            return workload.containers()
                    .flatMap(container -> each(container.path("env")))
                    .filter(variable ->
                            SECRET.matcher(variable.path("name").asText()).matches()
                                    && !variable.at("/valueFrom").has("secretKeyRef"))
                    .map(variable ->
                            "the value of " + variable.path("name") + " is in the manifest");
        }
    },

    LABELLED("It has the labels that Kubernetes recommends, on itself and on its pods") {
        @Override
        Stream<String> complaints(Workload workload) {
            return Stream.of(workload.object().at("/metadata/labels"), workload.podLabels())
                    .flatMap(labels ->
                            Stream.of("name", "part-of", "component", "managed-by")
                                    .filter(label -> !labels.has("app.kubernetes.io/" + label))
                                    .map(label ->
                                            "the label " + label + " is missing in " + labels));
        }
    },

    LASTING_SELECTOR("It selects its pods by what no version changes", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            JsonNode selector = workload.object().at("/spec/selector/matchLabels");
            return complain(
                    selector.isEmpty()
                            || selector.has("app.kubernetes.io/version")
                            || !selector.properties().stream()
                                    .allMatch(label ->
                                            label.getValue()
                                                    .equals(
                                                            workload.podLabels()
                                                                    .path(label.getKey()))),
                    "its selector is " + selector);
        }
    },

    TWO("There are two of it or more, or something that scales it", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            JsonNode replicas = workload.object().at("/spec/replicas");
            boolean scaled =
                    Stream.of("HorizontalPodAutoscaler", "ScaledObject")
                            .flatMap(workload::others)
                            .anyMatch(scaler ->
                                    scaler.at("/spec/scaleTargetRef/name")
                                            .asText()
                                            .equals(workload.name()));
            return complain(replicas.asInt() < 2 && !scaled, "its replicas are " + replicas);
        }
    },

    NO_GAP("A new version takes no old pod away before it is ready", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            JsonNode strategy = workload.object().at("/spec/strategy");
            // A Rollout's canary has the same two figures.
            JsonNode rolling =
                    strategy.has("canary")
                            ? strategy.path("canary")
                            : strategy.path("rollingUpdate");
            JsonNode surge = rolling.path("maxSurge");
            JsonNode unavailable = rolling.path("maxUnavailable");
            return complain(
                    !(unavailable.isInt() && unavailable.asInt() == 0
                                    || unavailable.asText().equals("0%"))
                            || !(surge.isInt() && surge.asInt() > 0
                                    || surge.asText().endsWith("%")),
                    "its strategy is " + strategy);
        }
    },

    DRAINED(
            "It gets time: no request any more, the last one answered, then the end",
            Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            int grace = workload.pod().path("terminationGracePeriodSeconds").asInt(30);
            return workload.containers()
                    .map(container -> container.at("/lifecycle/preStop/sleep/seconds").asInt())
                    // quarkus.shutdown.timeout is 5 s, offsets and the relay's last batch take as
                    // long.
                    .filter(seconds -> seconds < 3 || seconds + 10 > grace)
                    .map(seconds -> "it waits for " + seconds + " s, of " + grace + " s");
        }
    },

    STARTUP_PROBE(
            "Its start is asked for each second, and for half a minute at least", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            return workload.eachContainer(
                    "/startupProbe",
                    probe ->
                            probe.at("/httpGet/path").asText().equals("/q/health/started")
                                    && probe.path("initialDelaySeconds").asInt() == 0
                                    && probe.path("periodSeconds").asInt() == 1
                                    && probe.path("failureThreshold").asInt() >= 30);
        }
    },

    READINESS_PROBE("Whether it is ready is asked for every 5 s or more often", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            return workload.eachContainer(
                    "/readinessProbe",
                    probe ->
                            probe.at("/httpGet/path").asText().equals("/q/health/ready")
                                    && probe.path("periodSeconds").asInt(10) <= 5);
        }
    },

    LIVENESS_PROBE(
            "Whether it lives is asked for, of itself alone, and believed the third time",
            Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            return workload.eachContainer(
                    "/livenessProbe",
                    probe ->
                            probe.at("/httpGet/path").asText().equals("/q/health/live")
                                    && probe.path("failureThreshold").asInt() >= 3
                                    && probe.path("timeoutSeconds").asInt(1) >= 3);
        }
    },

    SPREAD("It is spread over zones and over nodes", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            Set<String> keys = Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname");
            List<String> spread =
                    each(workload.pod().path("topologySpreadConstraints"))
                            .filter(constraint ->
                                    workload.selectedBy(
                                            constraint.at("/labelSelector/matchLabels")))
                            .map(constraint -> constraint.path("topologyKey").asText())
                            .toList();
            return complain(!spread.containsAll(keys), "it is spread over " + spread);
        }
    },

    BUDGET("A node that is drained takes one of its pods at a time", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            long budgets =
                    workload.others("PodDisruptionBudget")
                            .filter(budget ->
                                    workload.selectedBy(budget.at("/spec/selector/matchLabels"))
                                            && budget.at("/spec/maxUnavailable").asInt() == 1)
                            .count();
            return complain(budgets != 1, "it has " + budgets + " budgets");
        }
    },

    CLUSTER_ONLY(
            "It is reached by a Service within the cluster, on no port of a node", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            List<String> types =
                    workload.others("Service")
                            .filter(service -> workload.selectedBy(service.at("/spec/selector")))
                            .map(service ->
                                    each(service.at("/spec/ports"))
                                                    .anyMatch(port -> port.has("nodePort"))
                                            ? "NodePort"
                                            : service.at("/spec/type").asText("ClusterIP"))
                            .distinct()
                            .toList();
            return complain(!types.equals(List.of("ClusterIP")), "its Services are " + types);
        }
    },

    MONITORED("Prometheus finds its metrics, and nobody else's under its name", Only.SERVICES) {
        @Override
        Stream<String> complaints(Workload workload) {
            long monitors =
                    workload.others("ServiceMonitor")
                            .filter(monitor ->
                                    workload.selectedBy(monitor.at("/spec/selector/matchLabels"))
                                            && monitor.at("/spec/endpoints/0/path")
                                                    .asText()
                                                    .equals("/q/metrics"))
                            .count();
            return complain(monitors != 1, "it has " + monitors + " ServiceMonitors");
        }
    };

    final String sentence;
    private final Only only;

    Policy(String sentence) {
        this(sentence, Only.ALL);
    }

    Policy(String sentence, Only only) {
        this.sentence = sentence;
        this.only = only;
    }

    abstract Stream<String> complaints(Workload workload);

    /// What of these objects keeps to which policies not, as sentences; none is what is wanted.
    static List<String> violations(List<? extends JsonNode> objects) {
        List<String> violations = new ArrayList<>();
        for (Workload workload : Workload.of(objects)) {
            for (Policy policy : values()) {
                if (policy.only == Only.ALL || workload.isService()) {
                    policy.complaints(workload)
                            .forEach(complaint ->
                                    violations.add(
                                            "%s: %s; but %s"
                                                    .formatted(
                                                            workload, policy.sentence, complaint)));
                }
            }
        }
        return violations;
    }

    private static Stream<String> complain(boolean wrong, String complaint) {
        return wrong ? Stream.of(complaint) : Stream.empty();
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /// In cores or bytes.
    static BigDecimal quantity(JsonNode quantity) {
        String text = quantity.asText();
        String number = text.replaceAll("[A-Za-z]+$", "");
        BigDecimal unit =
                switch (text.substring(number.length())) {
                    case "" -> BigDecimal.ONE;
                    case "m" -> BigDecimal.ONE.movePointLeft(3);
                    case "Ki" -> BigDecimal.valueOf(1L << 10);
                    case "Mi" -> BigDecimal.valueOf(1L << 20);
                    case "Gi" -> BigDecimal.valueOf(1L << 30);
                    default -> throw new IllegalArgumentException("No quantity used here: " + text);
                };
        return new BigDecimal(number).multiply(unit);
    }

    private enum Only {
        ALL,
        SERVICES
    }
}
