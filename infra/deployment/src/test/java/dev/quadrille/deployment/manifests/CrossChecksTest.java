package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each cross check on a rendering that is right, and on the same with one mistake.
class CrossChecksTest {

    private static final String RIGHT =
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: order}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {URL: somewhere}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: ledger}
            ---
            apiVersion: kafka.strimzi.io/v1
            kind: Kafka
            metadata: {name: bus}
            ---
            apiVersion: kafka.strimzi.io/v1
            kind: KafkaUser
            metadata: {name: kafka-user, labels: {strimzi.io/cluster: bus}}
            spec: {authentication: {type: scram-sha-512}}
            ---
            apiVersion: postgresql.cnpg.io/v1
            kind: Cluster
            metadata: {name: books}
            ---
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: vault}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: provider}
            spec:
              secretStoreRef: {kind: SecretStore, name: vault}
              data: [{secretKey: token}]
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: health}
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: order}
            spec:
              strategy: {canary: {analysis: {templates: [{templateName: health}]}}}
              selector: {matchLabels: {app: order}}
              template:
                metadata: {labels: {app: order, tier: api}}
                spec:
                  serviceAccountName: order
                  topologySpreadConstraints: [{labelSelector: {matchLabels: {app: order}}}]
                  containers:
                    - name: order
                      ports: [{name: http, containerPort: 8081}]
                      envFrom: [{configMapRef: {name: settings}}]
                      env:
                        - {name: FIRST, valueFrom: {configMapKeyRef: {name: settings, key: URL}}}
                        - {name: SECOND, value: $(FIRST)/x}
                        - {name: THIRD, valueFrom: {secretKeyRef: {name: kafka-user, key: sasl.jaas.config}}}
                        - {name: FOURTH, valueFrom: {secretKeyRef: {name: books-app, key: username}}}
                        - {name: FIFTH, valueFrom: {secretKeyRef: {name: provider, key: token}}}
                      readinessProbe: {httpGet: {path: /, port: http}}
                      livenessProbe: {httpGet: {path: /live, port: http}}
                      volumeMounts: [{name: trust, mountPath: /trust}, {name: disk, mountPath: /disk}]
                  volumes:
                    - name: trust
                      secret: {secretName: bus-cluster-ca-cert, items: [{key: ca.crt, path: ca.crt}]}
                    - name: disk
                      persistentVolumeClaim: {claimName: ledger}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: order, labels: {app: order}}
            spec: {selector: {tier: api}, ports: [{name: web, port: 80, targetPort: http}]}
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: order}
            spec: {selector: {matchExpressions: [{key: app, operator: In, values: [order]}]}}
            ---
            apiVersion: keda.sh/v1alpha1
            kind: TriggerAuthentication
            metadata: {name: asker}
            spec: {secretTargetRef: [{parameter: password, name: books-app, key: password}]}
            ---
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: order}
            spec:
              scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: order}
              triggers: [{authenticationRef: {name: asker}}]
            ---
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata: {name: order}
            spec: {selector: {matchLabels: {app: order}}, endpoints: [{port: web}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: flows}
            spec:
              podSelector: {matchLabels: {app: order, tier: api}}
              policyTypes: [Ingress, Egress]
              ingress:
                - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
                  ports: [{port: 8081}]
              egress:
                - to: [{podSelector: {matchLabels: {cnpg.io/cluster: books}}}]
                  ports: [{port: 5432}]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: door, annotations: {cert-manager.io/cluster-issuer: us}}
            spec: {listeners: [{name: https, tls: {certificateRefs: [{name: door-tls}]}}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: way}
            spec:
              parentRefs: [{name: door, sectionName: https}]
              rules: [{backendRefs: [{name: order, port: 80}]}]
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: strict}
            spec: {selector: {matchLabels: {tier: api}}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: mesh}
            spec: {hosts: [order], http: [{route: [{destination: {host: order, port: {number: 80}}}]}]}
            """;

    @Test
    void whatFitsIsTaken() {
        assertThat(CrossChecks.violations(Rendered.of(RIGHT))).isEmpty();
    }

    /// The first two columns are a part of the right one and what stands there instead.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    kind: ServiceAccount\\nmetadata: {name: order} | kind: ServiceAccount\\nmetadata: {name: orders} | Rollout order runs as ServiceAccount order, which nobody makes
                    selector: {matchLabels: {app: order}}\\n  template | selector: {matchLabels: {app: orders}}\\n  template | Rollout order does not select its own pods
                    selector: {matchLabels: {app: order}}\\n  template | template | Rollout order has no selector
                    topologySpreadConstraints: [{labelSelector: {matchLabels: {app: order | topologySpreadConstraints: [{labelSelector: {matchLabels: {app: orders | Rollout order spreads pods that are not its own
                    templateName: health | templateName: wealth | Rollout order is judged by AnalysisTemplate wealth, which is not there
                    envFrom: [{configMapRef: {name: settings}}] | envFrom: [{configMapRef: {name: setting}}] | Rollout order, container order takes its environment from ConfigMap setting, which nobody makes
                    configMapKeyRef: {name: settings, key: URL} | configMapKeyRef: {name: settings, key: URI} | Rollout order, container order reads URI of ConfigMap settings, in which the rendering puts no such key
                    name: SECOND, value: $(FIRST) | name: SECOND, value: $(LAST) | Rollout order, container order says $(LAST) in SECOND, and it is not set before
                    name: SECOND | name: FIRST | Rollout order, container order sets FIRST twice
                    key: sasl.jaas.config | key: jaas | Rollout order, container order reads jaas of Secret kafka-user, in which Strimzi puts no such key
                    books-app, key: username | books-admin, key: username | Rollout order, container order reads username of Secret books-admin, which nobody makes
                    {name: provider, key: token} | {name: provider, key: tokens} | Rollout order, container order reads tokens of Secret provider, in which External Secrets puts no such key
                    path: /, port: http | path: /, port: https | Rollout order, container order is probed on port https, which it does not have
                    {name: trust, mountPath | {name: rust, mountPath | Rollout order, container order mounts rust, which is no volume
                    , {name: disk, mountPath: /disk} | `` | Rollout order has a volume disk that nobody mounts
                    - name: disk\\n | - name: trust\\n | Rollout order has two volumes named trust
                    bus-cluster-ca-cert | bus-cluster-ca | Rollout order, volume trust is of Secret bus-cluster-ca, which nobody makes
                    {key: ca.crt, path | {key: ca.pem, path | Rollout order, volume trust reads ca.pem of Secret bus-cluster-ca-cert, in which Strimzi puts no such key
                    claimName: ledger | claimName: book | Rollout order, volume disk claims book, which nobody makes
                    selector: {tier: api} | selector: {tier: web} | Service order selects no pods (tier=web)
                    targetPort: http} | targetPort: https} | Service order leads to port https, which the pods of Rollout order do not have
                    values: [order] | values: [orders] | PodDisruptionBudget order selects no pods
                    kind: Rollout, name: order | kind: Deployment, name: order | ScaledObject order scales Deployment order of argoproj.io/v1alpha1, which is not there
                    authenticationRef: {name: asker} | authenticationRef: {name: master} | ScaledObject order knows itself by TriggerAuthentication master, which is not there
                    spec:\\n  strategy | spec:\\n  replicas: 2\\n  strategy | Rollout order is scaled and says a number of replicas too: each deployment would set it back
                    name: books-app, key: password | name: books-app, key: pass | TriggerAuthentication asker reads pass of Secret books-app, in which CloudNativePG puts no such key
                    endpoints: [{port: web}] | endpoints: [{port: http}] | ServiceMonitor order scrapes port http, which Service order does not have
                    labels: {app: order}}\\nspec: {selector: {tier | labels: {app: orders}}\\nspec: {selector: {tier | ServiceMonitor order selects no Service
                    podSelector: {matchLabels: {app: order, tier: api | podSelector: {matchLabels: {app: order, tier: web | NetworkPolicy flows selects no pods
                    metadata.name: monitoring | metadata.name: moni | NetworkPolicy flows speaks of the namespace 'moni', which is none that we know
                    metadata.name: monitoring | metadata.name: gateway-system | ServiceMonitor order scrapes the pods of Rollout order, and no NetworkPolicy lets the namespace monitoring in
                    ports: [{port: 8081}] | ports: [{port: 8082}] | NetworkPolicy flows allows port 8082, which the pods of Rollout order do not have
                    ports: [{port: 8081}] | ports: [{port: http}] | NetworkPolicy flows names the port http: EKS looks a name up at the wrong pods, write its number
                    cnpg.io/cluster: books}}}] | cnpg.io/cluster: cooks}}}] | NetworkPolicy flows allows traffic to pods that are nobody's
                    ports: [{port: 5432}] | ports: [{port: 5433}] | NetworkPolicy flows allows port 5433, which the pods of Cluster books do not have
                    policyTypes: [Ingress, Egress] | policyTypes: [Ingress] | NetworkPolicy flows has rules for Egress and does not say that it is about that
                    sectionName: https | sectionName: http | HTTPRoute way hangs on door http, which no Gateway has
                    backendRefs: [{name: order, port: 80}] | backendRefs: [{name: order, port: 81}] | HTTPRoute way leads to port 81 of Service order, which it does not have
                    backendRefs: [{name: order, port: 80}] | backendRefs: [{name: orders, port: 80}] | HTTPRoute way leads to Service orders, which is not there
                    cert-manager.io/cluster-issuer: us | who: us | Gateway door reads tls.crt of Secret door-tls, which nobody makes
                    secretStoreRef: {kind: SecretStore, name: vault} | secretStoreRef: {kind: SecretStore, name: safe} | ExternalSecret provider is of SecretStore safe, which is not there
                    labels: {strimzi.io/cluster: bus} | labels: {strimzi.io/cluster: train} | KafkaUser kafka-user is of Kafka 'train', which is not there
                    spec: {selector: {matchLabels: {tier: api}}} | spec: {selector: {matchLabels: {tier: web}}} | PeerAuthentication strict selects no pods
                    hosts: [order] | hosts: [orders] | VirtualService mesh leads to Service orders, which is not there
                    {number: 80} | {number: 8081} | VirtualService mesh leads to port 8081 of Service order, which it does not have
                    kind: PersistentVolumeClaim\\nmetadata: {name: ledger} | kind: PersistentVolumeClaim\\nmetadata: {name: ledger, namespace: other} | There is more than one namespace: , other
                    """)
    void oneMistakeGetsItsSentence(String right, String wrong, String sentence) {
        var from = right.replace("\\n", "\n");
        assertThat(RIGHT).as("the fixture has what is to be broken").contains(from);

        var broken = RIGHT.replace(from, (wrong == null ? "" : wrong).replace("\\n", "\n"));

        assertThat(CrossChecks.violations(Rendered.of(broken))).contains(sentence);
    }

    @Test
    void anObjectStandsOnce() {
        var twice =
                RIGHT
                        + """
                        ---
                        apiVersion: argoproj.io/v1alpha1
                        kind: AnalysisTemplate
                        metadata: {name: health}
                        """;

        assertThat(CrossChecks.violations(Rendered.of(twice)))
                .containsExactly("AnalysisTemplate health stands there twice");
    }

    @Test
    void twoScalersDoNotPullAtOneNumber() {
        var twice =
                RIGHT
                        + """
                        ---
                        apiVersion: autoscaling/v2
                        kind: HorizontalPodAutoscaler
                        metadata: {name: order-cpu}
                        spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: order}}
                        """;

        assertThat(CrossChecks.violations(Rendered.of(twice)))
                .containsExactly(
                        "HorizontalPodAutoscaler order-cpu and ScaledObject order pull at the same"
                                + " number of replicas");
    }

    @Test
    void oneWorkloadDoesNotSelectAnothersPods() {
        var other =
                RIGHT
                        + """
                        ---
                        apiVersion: batch/v1
                        kind: Job
                        metadata: {name: migrate}
                        spec: {template: {metadata: {labels: {app: order, tier: api}}, spec: {serviceAccountName: order}}}
                        """;

        assertThat(CrossChecks.violations(Rendered.of(other)))
                .containsExactly(
                        "Rollout order selects the pods of Job migrate",
                        "Service order has pods of more than one behind it: [Rollout order, Job"
                                + " migrate]",
                        "Service order leads to port http, which the pods of Job migrate do not"
                                + " have",
                        "NetworkPolicy flows allows port 8081, which the pods of Job migrate do not"
                                + " have");
    }

    @Test
    void whatIsDefinedElsewhereMayBeSaid() {
        var without =
                RIGHT.replace(
                        "kind: ConfigMap\nmetadata: {name: settings}",
                        "kind: ConfigMap\nmetadata: {name: others}");

        var here = CrossChecks.violations(Rendered.of(without));
        var elsewhere =
                CrossChecks.violations(
                        Rendered.of(without),
                        new Provision("ConfigMap", "settings", Set.of("URL"), "an overlay"));

        assertThat(here).hasSize(2);
        assertThat(elsewhere).isEmpty();
    }
}
