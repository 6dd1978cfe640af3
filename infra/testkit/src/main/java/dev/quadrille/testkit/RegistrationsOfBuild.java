package dev.quadrille.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.builder.BuildChainBuilder;
import io.quarkus.builder.BuildContext;
import io.quarkus.deployment.builditem.GeneratedResourceBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.test.junit.buildchain.TestBuildChainCustomizerProducer;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jboss.jandex.Index;

/// Keeps what the build would tell a native image to reflect on, which a build for the JVM forgets,
/// as a resource that a test can read: no second build, and no `native-image`, is needed to know
/// it.
///
/// Each line names a class of which all constructors, methods and fields are registered.
public final class RegistrationsOfBuild implements TestBuildChainCustomizerProducer {

    static final String RESOURCE = "META-INF/quadrille/reflected-on.txt";

    @Override
    public Consumer<BuildChainBuilder> produce(Index testClasses) {
        return chain ->
                chain.addBuildStep(RegistrationsOfBuild::keep)
                        .consumes(ReflectiveClassBuildItem.class)
                        .produces(GeneratedResourceBuildItem.class)
                        .build();
    }

    private static void keep(BuildContext build) {
        var names = new TreeSet<String>();
        for (var item : build.consumeMulti(ReflectiveClassBuildItem.class)) {
            if (item.isConstructors() && item.isMethods() && item.isFields()) {
                names.addAll(item.getClassNames());
            }
        }
        build.produce(
                new GeneratedResourceBuildItem(RESOURCE, String.join("\n", names).getBytes(UTF_8)));
    }
}
