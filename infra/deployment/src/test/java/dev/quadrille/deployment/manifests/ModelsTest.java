package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// That the strict parse is strict: each kind of mistake is seen, in what has a model and in what
/// has a schema.
class ModelsTest {

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: order}
            spec:
              replicas: 2
              template:
                spec:
                  containers:
                    - name: order
                      resources: {limits: {memory: 64Mi}}
                      ports: [{name: http, containerPort: 8081}]
            """;

    private static final String SCALED_OBJECT =
            """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: order}
            spec:
              minReplicaCount: 2
              scaleTargetRef: {name: order}
              triggers: [{type: cpu, metadata: {value: "70"}}]
            """;

    @Test
    void whatIsRightIsTaken() {
        assertThat(Models.violations(Rendered.of(DEPLOYMENT + "---\n" + SCALED_OBJECT))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    replicas: 2      | replica: 2         | replica
                    containerPort:   | containersPort:    | containersPort
                    replicas: 2      | replicas: two      | two
                    limits:          | limit:             | limit
                    """)
    void aFieldThatItsKindDoesNotHaveIsSeenByTheModel(String right, String wrong, String said) {
        var violations = Models.violations(Rendered.of(DEPLOYMENT.replace(right, wrong)));

        assertThat(violations)
                .singleElement()
                .asString()
                .startsWith("Deployment order: ")
                .contains(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    minReplicaCount: 2       | minReplicas: 2          | minReplicas
                    minReplicaCount: 2       | minReplicaCount: two    | minReplicaCount
                    type: cpu,               |                         | type
                    scaleTargetRef:          | scaleTarget:            | scaleTarget
                    """)
    void soItIsByTheSchema(String right, String wrong, String said) {
        var violations =
                Models.violations(
                        Rendered.of(SCALED_OBJECT.replace(right, wrong == null ? "" : wrong)));

        assertThat(violations)
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation).startsWith("ScaledObject order: "))
                .anySatisfy(violation -> assertThat(violation).contains(said));
    }

    @Test
    void aKindThatNobodyKnowsIsNotTakenOnTrust() {
        var violations =
                Models.violations(
                        Rendered.of(
                                "{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name:"
                                        + " x}}"));

        assertThat(violations)
                .containsExactly("Deployment x: nobody here knows a Deployment of apps/v1beta1");
    }

    @Test
    void aNameIsNeeded() {
        var violations =
                Models.violations(Rendered.of("{apiVersion: v1, kind: Service, metadata: {}}"));

        assertThat(violations).containsExactly("A Service has no name");
    }

    @Test
    void aKeyThatStandsTwiceIsNoYaml() {
        assertThatThrownBy(() -> Rendered.of("kind: Service\nkind: Secret\n"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Duplicate");
    }
}
