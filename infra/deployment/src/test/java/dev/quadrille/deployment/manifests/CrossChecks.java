package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whether the objects of a rendering fit each other: what one names, another is. A cluster takes
/// nearly all of these mistakes without a word, and something then simply never happens.
///
/// Each check adds what is wrong, a sentence each.
final class CrossChecks {

    /// The namespaces that the house has beside its own, and who is in them.
    static final Set<String> NEIGHBOURS =
            Set.of(
                    "kube-system",
                    "monitoring",
                    "gateway-system",
                    "keda",
                    "cnpg-system",
                    "istio-system");

    private static final Set<String> SERVICE_WORKLOADS =
            Set.of("Deployment", "Rollout", "StatefulSet", "DaemonSet", "ReplicaSet");

    private static final Pattern EXPANDED = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private final Rendered rendered;
    private final List<Pods> pods;
    private final List<Provision> provisions;
    private final List<String> violations = new ArrayList<>();

    private CrossChecks(Rendered rendered, List<Provision> elsewhere) {
        this.rendered = rendered;
        this.pods = rendered.pods().toList();
        this.provisions =
                Stream.concat(Provision.of(rendered).stream(), elsewhere.stream()).toList();
    }

    /// @param elsewhere what is defined neither here nor by an operator at the word of an object
    ///   here
    static List<String> violations(Rendered rendered, Provision... elsewhere) {
        var checks = new CrossChecks(rendered, List.of(elsewhere));
        checks.objectsStandOnce();
        checks.namespacesAreOne();
        for (var each : checks.pods) {
            if (!each.isOperated()) {
                checks.judge(each);
            }
        }
        rendered.manifests().forEach(checks::judge);
        checks.workloadsHaveOneScaler();
        return List.copyOf(checks.violations);
    }

    private void objectsStandOnce() {
        var seen = new HashSet<String>();
        for (var manifest : rendered.manifests()) {
            var id = manifest.group() + "/" + manifest + " in " + manifest.namespace();
            if (!seen.add(id)) {
                violations.add(manifest + " stands there twice");
            }
        }
    }

    private void namespacesAreOne() {
        var namespaces = new HashSet<String>();
        for (var manifest : rendered.manifests()) {
            namespaces.add(manifest.is("Namespace") ? manifest.name() : manifest.namespace());
        }
        if (namespaces.size() > 1) {
            violations.add(
                    "There is more than one namespace: "
                            + namespaces.stream().sorted().collect(joining(", ")));
        }
    }

    // --- Pods: volumes, references, ports, accounts

    private void judge(Pods workload) {
        var account = workload.spec().path("serviceAccountName").asText("default");
        if (!rendered.has("ServiceAccount", account)) {
            violations.add(
                    "%s runs as ServiceAccount %s, which nobody makes"
                            .formatted(workload, account));
        }
        judgeSelector(workload);
        var volumes = new HashMap<String, JsonNode>();
        for (var volume : workload.volumes()) {
            if (volumes.put(volume.path("name").asText(), volume) != null) {
                violations.add(
                        "%s has two volumes named %s"
                                .formatted(workload, volume.path("name").asText()));
            }
            judgeVolume(workload, volume);
        }
        var mounted = new HashSet<String>();
        workload.containers()
                .forEach(container -> judge(workload, container, volumes.keySet(), mounted));
        for (var volume : volumes.keySet()) {
            if (!mounted.contains(volume)) {
                violations.add("%s has a volume %s that nobody mounts".formatted(workload, volume));
            }
        }
        for (var constraint : each(workload.spec().path("topologySpreadConstraints")).toList()) {
            if (!Selector.selects(constraint.path("labelSelector"), workload.labels())) {
                violations.add("%s spreads pods that are not its own".formatted(workload));
            }
        }
    }

    private void judgeSelector(Pods workload) {
        if (!SERVICE_WORKLOADS.contains(workload.of().kind())) {
            return;
        }
        var selector = workload.of().at("spec", "selector");
        if (selector.isEmpty()) {
            violations.add(workload + " has no selector");
        } else if (!Selector.selects(selector, workload.labels())) {
            violations.add(workload + " does not select its own pods");
        }
        for (var other : pods) {
            if (!other.of().equals(workload.of())
                    && !selector.isEmpty()
                    && Selector.selects(selector, other.labels())) {
                violations.add("%s selects the pods of %s".formatted(workload, other));
            }
        }
    }

    private void judge(
            Pods workload, JsonNode container, Set<String> volumes, Set<String> mounted) {
        var who = workload + ", container " + container.path("name").asText();
        for (var mount : each(container.path("volumeMounts")).toList()) {
            var volume = mount.path("name").asText();
            mounted.add(volume);
            if (!volumes.contains(volume)) {
                violations.add("%s mounts %s, which is no volume".formatted(who, volume));
            }
        }
        for (var handler :
                List.of(
                        Manifest.at(container, "startupProbe", "httpGet"),
                        Manifest.at(container, "startupProbe", "tcpSocket"),
                        Manifest.at(container, "readinessProbe", "httpGet"),
                        Manifest.at(container, "readinessProbe", "tcpSocket"),
                        Manifest.at(container, "livenessProbe", "httpGet"),
                        Manifest.at(container, "livenessProbe", "tcpSocket"))) {
            if (!handler.isMissingNode() && !workload.listensOn(handler.path("port"))) {
                violations.add(
                        "%s is probed on port %s, which it does not have"
                                .formatted(who, handler.path("port").asText()));
            }
        }
        for (var source : each(container.path("envFrom")).toList()) {
            requireObject(who, "ConfigMap", source.path("configMapRef"));
            requireObject(who, "Secret", source.path("secretRef"));
        }
        var names = new HashSet<String>();
        for (var variable : each(container.path("env")).toList()) {
            var name = variable.path("name").asText();
            requireKey(who, "ConfigMap", Manifest.at(variable, "valueFrom", "configMapKeyRef"));
            requireKey(who, "Secret", Manifest.at(variable, "valueFrom", "secretKeyRef"));
            var expanded = EXPANDED.matcher(variable.path("value").asText());
            while (expanded.find()) {
                if (!names.contains(expanded.group(1))) {
                    violations.add(
                            "%s says $(%s) in %s, and it is not set before"
                                    .formatted(who, expanded.group(1), name));
                }
            }
            if (!names.add(name)) {
                violations.add("%s sets %s twice".formatted(who, name));
            }
        }
    }

    private void judgeVolume(Pods workload, JsonNode volume) {
        var who = workload + ", volume " + volume.path("name").asText();
        var secret = volume.path("secret");
        if (!secret.isMissingNode()) {
            requireVolume(who, "Secret", secret.path("secretName").asText(), secret);
        }
        var configMap = volume.path("configMap");
        if (!configMap.isMissingNode()) {
            requireVolume(who, "ConfigMap", configMap.path("name").asText(), configMap);
        }
        for (var source : each(Manifest.at(volume, "projected", "sources")).toList()) {
            for (var kind : Map.of("secret", "Secret", "configMap", "ConfigMap").entrySet()) {
                var part = source.path(kind.getKey());
                if (!part.isMissingNode()) {
                    requireVolume(who, kind.getValue(), part.path("name").asText(), part);
                }
            }
        }
        var claim = Manifest.at(volume, "persistentVolumeClaim", "claimName");
        if (!claim.isMissingNode() && !rendered.has("PersistentVolumeClaim", claim.asText())) {
            violations.add("%s claims %s, which nobody makes".formatted(who, claim.asText()));
        }
    }

    private void requireVolume(String who, String kind, String name, JsonNode source) {
        if (source.path("optional").asBoolean()) {
            return;
        }
        var provision = Provision.find(provisions, kind, name);
        if (provision.isEmpty()) {
            violations.add("%s is of %s %s, which nobody makes".formatted(who, kind, name));
            return;
        }
        for (var item : each(source.path("items")).toList()) {
            requireKey(who, kind, name, item.path("key").asText());
        }
    }

    private void requireObject(String who, String kind, JsonNode reference) {
        var name = reference.path("name").asText();
        if (!reference.isMissingNode()
                && !reference.path("optional").asBoolean()
                && Provision.find(provisions, kind, name).isEmpty()) {
            violations.add(
                    "%s takes its environment from %s %s, which nobody makes"
                            .formatted(who, kind, name));
        }
    }

    private void requireKey(String who, String kind, JsonNode reference) {
        if (!reference.isMissingNode() && !reference.path("optional").asBoolean()) {
            requireKey(who, kind, reference.path("name").asText(), reference.path("key").asText());
        }
    }

    private void requireKey(String who, String kind, String name, String key) {
        var provision = Provision.find(provisions, kind, name);
        if (provision.isEmpty()) {
            violations.add(
                    "%s reads %s of %s %s, which nobody makes".formatted(who, key, kind, name));
        } else if (!provision.get().keys().contains(key)) {
            violations.add(
                    "%s reads %s of %s %s, in which %s puts no such key"
                            .formatted(who, key, kind, name, provision.get().by()));
        }
    }

    // --- Everything that selects, and everything that is named

    private void judge(Manifest manifest) {
        switch (manifest.kind()) {
            case "Service" -> judgeService(manifest);
            case "PodDisruptionBudget" -> judgeBudget(manifest);
            case "NetworkPolicy" -> judgePolicy(manifest);
            case "ServiceMonitor" -> judgeMonitor(manifest);
            case "HorizontalPodAutoscaler", "ScaledObject" -> judgeScaler(manifest);
            case "TriggerAuthentication" -> judgeAuthentication(manifest);
            case "Rollout" -> judgeRollout(manifest);
            case "HTTPRoute" -> judgeRoute(manifest);
            case "Gateway" -> judgeGateway(manifest);
            case "ExternalSecret" -> judgeExternalSecret(manifest);
            case "KafkaTopic", "KafkaUser", "KafkaNodePool" -> judgeKafka(manifest);
            case "PeerAuthentication", "AuthorizationPolicy" -> judgeMeshPolicy(manifest);
            case "VirtualService", "DestinationRule" -> judgeMeshHost(manifest);
            default -> {}
        }
    }

    private List<Pods> selected(JsonNode selector) {
        return pods.stream().filter(each -> Selector.selects(selector, each.labels())).toList();
    }

    private void judgeService(Manifest service) {
        var selector = service.at("spec", "selector");
        var behind =
                selector.isEmpty()
                        ? List.<Pods>of()
                        : pods.stream()
                                .filter(each -> Selector.holds(selector, each.labels()))
                                .toList();
        if (behind.isEmpty()) {
            violations.add(
                    "%s selects no pods (%s)"
                            .formatted(service, Manifest.listed(Manifest.texts(selector))));
        }
        if (behind.size() > 1) {
            violations.add("%s has pods of more than one behind it: %s".formatted(service, behind));
        }
        for (var port : each(service.at("spec", "ports")).toList()) {
            var target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            for (var each : behind) {
                if (!each.listensOn(target)) {
                    violations.add(
                            "%s leads to port %s, which the pods of %s do not have"
                                    .formatted(service, target.asText(), each));
                }
            }
        }
    }

    private void judgeBudget(Manifest budget) {
        var selector = budget.at("spec", "selector");
        if (selector.isEmpty() || selected(selector).isEmpty()) {
            violations.add(budget + " selects no pods");
        }
    }

    private void judgePolicy(Manifest policy) {
        var meant = selected(policy.at("spec", "podSelector"));
        if (meant.isEmpty()) {
            violations.add(policy + " selects no pods");
        }
        var types = each(policy.at("spec", "policyTypes")).map(JsonNode::asText).toList();
        for (var direction : List.of("Ingress", "Egress")) {
            var rules = policy.at("spec", direction.equals("Ingress") ? "ingress" : "egress");
            if (!rules.isMissingNode() && !types.contains(direction)) {
                violations.add(
                        "%s has rules for %s and does not say that it is about that"
                                .formatted(policy, direction));
            }
            for (var rule : each(rules).toList()) {
                judgeRule(policy, direction, rule, meant);
            }
        }
    }

    private void judgeRule(Manifest policy, String direction, JsonNode rule, List<Pods> meant) {
        boolean isIngress = direction.equals("Ingress");
        var peers = each(rule.path(isIngress ? "from" : "to")).toList();
        var here = new ArrayList<Pods>();
        boolean isElsewhere = false;
        for (var peer : peers) {
            if (peer.has("namespaceSelector")) {
                isElsewhere = true;
                judgeNeighbour(policy, peer.path("namespaceSelector"));
            } else if (peer.has("podSelector")) {
                var found = selected(peer.path("podSelector"));
                here.addAll(found);
                if (found.isEmpty()) {
                    violations.add(
                            "%s allows traffic %s pods that are nobody's"
                                    .formatted(policy, isIngress ? "from" : "to"));
                }
            } else {
                isElsewhere = true;
            }
        }
        for (var port : each(rule.path("ports")).map(each -> each.path("port")).toList()) {
            if (port.isTextual()) {
                violations.add(
                        "%s names the port %s: EKS looks a name up at the wrong pods, write its number"
                                .formatted(policy, port.asText()));
            }
        }
        var listeners = isIngress ? meant : here;
        if (!isIngress && isElsewhere) {
            return;
        }
        for (var port : each(rule.path("ports")).toList()) {
            for (var listener : listeners) {
                if (port.has("port") && !listener.listensOn(port.path("port"))) {
                    violations.add(
                            "%s allows port %s, which the pods of %s do not have"
                                    .formatted(policy, port.path("port").asText(), listener));
                }
            }
        }
    }

    private void judgeNeighbour(Manifest policy, JsonNode selector) {
        var name = Manifest.at(selector, "matchLabels", "kubernetes.io/metadata.name").asText();
        if (!NEIGHBOURS.contains(name)) {
            violations.add(
                    "%s speaks of the namespace '%s', which is none that we know"
                            .formatted(policy, name));
        }
    }

    private void judgeMonitor(Manifest monitor) {
        var services =
                rendered.all("", "Service")
                        .filter(service ->
                                Selector.selects(monitor.at("spec", "selector"), service.labels()))
                        .toList();
        if (services.isEmpty() || monitor.at("spec", "selector").isEmpty()) {
            violations.add(monitor + " selects no Service");
        }
        for (var endpoint : each(monitor.at("spec", "endpoints")).toList()) {
            for (var service : services) {
                if (!hasPort(service, endpoint.path("port"))) {
                    violations.add(
                            "%s scrapes port %s, which %s does not have"
                                    .formatted(monitor, endpoint.path("port").asText(), service));
                }
            }
        }
        services.forEach(service -> judgeScraping(monitor, service));
    }

    /// Where nothing comes in but what is allowed to.
    private void judgeScraping(Manifest monitor, Manifest service) {
        var behind =
                pods.stream()
                        .filter(each ->
                                Selector.holds(service.at("spec", "selector"), each.labels()))
                        .toList();
        for (var each : behind) {
            var about =
                    rendered.all("NetworkPolicy")
                            .filter(policy ->
                                    Selector.selects(
                                            policy.at("spec", "podSelector"), each.labels()))
                            .filter(policy ->
                                    each(policy.at("spec", "policyTypes"))
                                            .anyMatch(type -> type.asText().equals("Ingress")))
                            .toList();
            boolean isAllowed =
                    about.stream()
                            .flatMap(policy -> each(policy.at("spec", "ingress")))
                            .flatMap(rule -> each(rule.path("from")))
                            .anyMatch(peer ->
                                    peer.path("namespaceSelector")
                                            .path("matchLabels")
                                            .path("kubernetes.io/metadata.name")
                                            .asText()
                                            .equals("monitoring"));
            if (!about.isEmpty() && !isAllowed) {
                violations.add(
                        "%s scrapes the pods of %s, and no NetworkPolicy lets the namespace monitoring in"
                                .formatted(monitor, each));
            }
        }
    }

    private static boolean hasPort(Manifest service, JsonNode port) {
        return each(service.at("spec", "ports"))
                .anyMatch(each ->
                        port.isInt()
                                ? each.path("port").asInt() == port.asInt()
                                : each.path("name").asText().equals(port.asText()));
    }

    private void judgeScaler(Manifest scaler) {
        var target = scaler.at("spec", "scaleTargetRef");
        boolean isThere =
                rendered.manifests().stream()
                        .anyMatch(manifest ->
                                manifest.apiVersion()
                                                .equals(target.path("apiVersion").asText("apps/v1"))
                                        && manifest.is(target.path("kind").asText("Deployment"))
                                        && manifest.name().equals(target.path("name").asText()));
        if (!isThere) {
            violations.add(
                    "%s scales %s %s of %s, which is not there"
                            .formatted(
                                    scaler,
                                    target.path("kind").asText("Deployment"),
                                    target.path("name").asText(),
                                    target.path("apiVersion").asText("apps/v1")));
        }
        for (var trigger : each(scaler.at("spec", "triggers")).toList()) {
            var authentication = Manifest.at(trigger, "authenticationRef", "name");
            if (!authentication.isMissingNode()
                    && !rendered.has("TriggerAuthentication", authentication.asText())) {
                violations.add(
                        "%s knows itself by TriggerAuthentication %s, which is not there"
                                .formatted(scaler, authentication.asText()));
            }
        }
    }

    private void workloadsHaveOneScaler() {
        var scalers = new HashMap<String, Manifest>();
        Stream.of("HorizontalPodAutoscaler", "ScaledObject")
                .flatMap(rendered::all)
                .forEach(scaler -> {
                    var other =
                            scalers.putIfAbsent(
                                    scaler.at("spec", "scaleTargetRef", "name").asText(), scaler);
                    if (other != null) {
                        violations.add(
                                "%s and %s pull at the same number of replicas"
                                        .formatted(other, scaler));
                    }
                });
        for (var each : pods) {
            if (scalers.containsKey(each.of().name())
                    && SERVICE_WORKLOADS.contains(each.of().kind())
                    && each.of().at("spec").has("replicas")) {
                violations.add(
                        "%s is scaled and says a number of replicas too: each deployment would set it back"
                                .formatted(each));
            }
        }
    }

    private void judgeAuthentication(Manifest authentication) {
        for (var reference : each(authentication.at("spec", "secretTargetRef")).toList()) {
            requireKey(authentication.toString(), "Secret", reference);
        }
        for (var reference : each(authentication.at("spec", "configMapTargetRef")).toList()) {
            requireKey(authentication.toString(), "ConfigMap", reference);
        }
    }

    private void judgeRollout(Manifest rollout) {
        var canary = rollout.at("spec", "strategy", "canary");
        Stream.concat(
                        Stream.of(canary.path("analysis")),
                        each(canary.path("steps")).map(step -> step.path("analysis")))
                .flatMap(analysis -> each(analysis.path("templates")))
                .map(template -> template.path("templateName").asText())
                .filter(template -> !rendered.has("AnalysisTemplate", template))
                .forEach(template ->
                        violations.add(
                                "%s is judged by AnalysisTemplate %s, which is not there"
                                        .formatted(rollout, template)));
    }

    private void judgeRoute(Manifest route) {
        for (var parent : each(route.at("spec", "parentRefs")).toList()) {
            var section = parent.path("sectionName");
            boolean isThere =
                    rendered.all("Gateway")
                            .filter(gateway -> gateway.name().equals(parent.path("name").asText()))
                            .anyMatch(gateway ->
                                    section.isMissingNode()
                                            || each(gateway.at("spec", "listeners"))
                                                    .anyMatch(listener ->
                                                            listener.path("name").equals(section)));
            if (!isThere) {
                violations.add(
                        "%s hangs on %s %s, which no Gateway has"
                                .formatted(route, parent.path("name").asText(), section.asText()));
            }
        }
        for (var rule : each(route.at("spec", "rules")).toList()) {
            for (var backend : each(rule.path("backendRefs")).toList()) {
                requireService(route, backend.path("name").asText(), backend.path("port"));
            }
        }
    }

    private void requireService(Manifest who, String name, JsonNode port) {
        var service =
                rendered.all("", "Service").filter(each -> each.name().equals(name)).findFirst();
        if (service.isEmpty()) {
            violations.add("%s leads to Service %s, which is not there".formatted(who, name));
        } else if (!port.isMissingNode() && !hasPort(service.get(), port)) {
            violations.add(
                    "%s leads to port %s of Service %s, which it does not have"
                            .formatted(who, port.asText(), name));
        }
    }

    private void judgeGateway(Manifest gateway) {
        for (var listener : each(gateway.at("spec", "listeners")).toList()) {
            for (var certificate : each(Manifest.at(listener, "tls", "certificateRefs")).toList()) {
                var name = certificate.path("name").asText();
                requireKey(gateway.toString(), "Secret", name, "tls.crt");
            }
        }
    }

    private void judgeExternalSecret(Manifest secret) {
        var store = secret.at("spec", "secretStoreRef");
        if (store.path("kind").asText("SecretStore").equals("SecretStore")
                && !rendered.has("SecretStore", store.path("name").asText())) {
            violations.add(
                    "%s is of SecretStore %s, which is not there"
                            .formatted(secret, store.path("name").asText()));
        }
    }

    private void judgeKafka(Manifest manifest) {
        var cluster = manifest.labels().getOrDefault("strimzi.io/cluster", "");
        if (!rendered.has("Kafka", cluster)) {
            violations.add("%s is of Kafka '%s', which is not there".formatted(manifest, cluster));
        }
    }

    private void judgeMeshPolicy(Manifest policy) {
        var selector = policy.at("spec", "selector");
        if (!selector.isMissingNode() && selected(selector).isEmpty()) {
            violations.add(policy + " selects no pods");
        }
    }

    private void judgeMeshHost(Manifest manifest) {
        Stream.concat(
                        each(manifest.at("spec", "hosts")),
                        Stream.of(manifest.at("spec", "host"))
                                .filter(host -> !host.isMissingNode()))
                .forEach(
                        host -> requireService(manifest, host.asText(), MissingNode.getInstance()));
        for (var rule : each(manifest.at("spec", "http")).toList()) {
            for (var route : each(rule.path("route")).toList()) {
                var destination = route.path("destination");
                requireService(
                        manifest,
                        destination.path("host").asText(),
                        Manifest.at(destination, "port", "number"));
            }
        }
    }
}
