package dev.quadrille.deployment.manifests;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether an object is one that the cluster would take to the letter: no field that its kind does
/// not have, none that must be there missing, each of its type.
///
/// Kubernetes' own kinds, Gateway API's, Istio's and the Prometheus operator's have typed models
/// (fabric8's); the other operators' have JSON Schemas (src/test/resources/schemas).
final class Models {

    private static final String CORE = "io.fabric8.kubernetes.api.model.";

    private static final Map<String, String> TYPED =
            Map.ofEntries(
                    Map.entry("v1/ConfigMap", CORE + "ConfigMap"),
                    Map.entry("v1/LimitRange", CORE + "LimitRange"),
                    Map.entry("v1/Namespace", CORE + "Namespace"),
                    Map.entry("v1/PersistentVolumeClaim", CORE + "PersistentVolumeClaim"),
                    Map.entry("v1/ResourceQuota", CORE + "ResourceQuota"),
                    Map.entry("v1/Secret", CORE + "Secret"),
                    Map.entry("v1/Service", CORE + "Service"),
                    Map.entry("v1/ServiceAccount", CORE + "ServiceAccount"),
                    Map.entry("apps/v1/Deployment", CORE + "apps.Deployment"),
                    Map.entry(
                            "autoscaling/v2/HorizontalPodAutoscaler",
                            CORE + "autoscaling.v2.HorizontalPodAutoscaler"),
                    Map.entry("batch/v1/CronJob", CORE + "batch.v1.CronJob"),
                    Map.entry("batch/v1/Job", CORE + "batch.v1.Job"),
                    Map.entry(
                            "networking.k8s.io/v1/NetworkPolicy",
                            CORE + "networking.v1.NetworkPolicy"),
                    Map.entry(
                            "policy/v1/PodDisruptionBudget",
                            CORE + "policy.v1.PodDisruptionBudget"),
                    Map.entry(
                            "gateway.networking.k8s.io/v1/Gateway", CORE + "gatewayapi.v1.Gateway"),
                    Map.entry(
                            "gateway.networking.k8s.io/v1/HTTPRoute",
                            CORE + "gatewayapi.v1.HTTPRoute"),
                    Map.entry(
                            "monitoring.coreos.com/v1/ServiceMonitor",
                            "io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor"),
                    Map.entry(
                            "monitoring.coreos.com/v1/PrometheusRule",
                            "io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule"),
                    Map.entry(
                            "networking.istio.io/v1/DestinationRule",
                            "io.fabric8.istio.api.networking.v1.DestinationRule"),
                    Map.entry(
                            "networking.istio.io/v1/VirtualService",
                            "io.fabric8.istio.api.networking.v1.VirtualService"),
                    Map.entry(
                            "security.istio.io/v1/AuthorizationPolicy",
                            "io.fabric8.istio.api.security.v1.AuthorizationPolicy"),
                    Map.entry(
                            "security.istio.io/v1/PeerAuthentication",
                            "io.fabric8.istio.api.security.v1.PeerAuthentication"));

    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /// The models keep what they do not know in a map of additional properties; without that map,
    /// what is unknown is a mistake.
    private static final ObjectMapper STRICT =
            JsonMapper.builder()
                    .annotationIntrospector(new WithoutAdditionalProperties())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private static final class WithoutAdditionalProperties extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private Models() {}

    /// What is wrong, a sentence each.
    static List<String> violations(Rendered rendered) {
        var all = new ArrayList<String>();
        for (var manifest : rendered.manifests()) {
            judge(manifest, all);
        }
        return all;
    }

    private static void judge(Manifest manifest, List<String> violations) {
        if (manifest.name().isEmpty()) {
            violations.add("A " + manifest.kind() + " has no name");
        }
        var type = TYPED.get(manifest.apiVersion() + "/" + manifest.kind());
        if (type != null) {
            judgeByModel(manifest, type, violations);
            return;
        }
        var schema =
                Models.class.getResource(
                        "/schemas/%s_%s.json"
                                .formatted(
                                        manifest.apiVersion().replace('/', '_'), manifest.kind()));
        if (schema == null) {
            violations.add(
                    "%s: nobody here knows a %s of %s"
                            .formatted(manifest, manifest.kind(), manifest.apiVersion()));
            return;
        }
        try {
            SCHEMAS.getSchema(STRICT.readTree(schema))
                    .validate(manifest.tree())
                    .forEach(error -> violations.add(manifest + ": " + error));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void judgeByModel(Manifest manifest, String type, List<String> violations) {
        try {
            var object = STRICT.treeToValue(manifest.tree(), Class.forName(type));
            // What a model takes and does not give back, it has not understood.
            lost(manifest.tree(), STRICT.valueToTree(object), "", manifest, violations);
        } catch (JsonMappingException e) {
            violations.add(
                    "%s: %s (%s)"
                            .formatted(manifest, e.getOriginalMessage(), e.getPathReference()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void lost(
            JsonNode given,
            JsonNode kept,
            String path,
            Manifest manifest,
            List<String> violations) {
        if (given.isObject()) {
            given.properties()
                    .forEach(each -> {
                        var below = path + "." + each.getKey();
                        var counterpart = kept.get(each.getKey());
                        if (counterpart != null) {
                            lost(each.getValue(), counterpart, below, manifest, violations);
                        } else if (!each.getValue().isEmpty() || each.getValue().isValueNode()) {
                            violations.add(
                                    manifest + ": " + below.substring(1) + " means nothing here");
                        }
                    });
        } else if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                lost(given.get(i), kept.path(i), path + "[" + i + "]", manifest, violations);
            }
        }
    }
}
