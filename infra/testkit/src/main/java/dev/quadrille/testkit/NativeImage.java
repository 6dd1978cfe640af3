package dev.quadrille.testkit;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.quadrille.contract.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What a service would lack as a native image, which has of a class only what was registered, and
/// says so no sooner than a request, an event or a mail needs it.
///
/// | boundary | the types that cross it |
/// |---|---|
/// | HTTP, asked | what the methods of the resources take as a body and return |
/// | Kafka | the events of the contract |
/// | JSON that is read by hand (the provider's answers and events, json columns) | the class literals of whoever reads |
/// | JSON that is written by hand (members of problems, server-sent events, json columns) | [#WRITTEN_BY_HAND] |
/// | mail | what the templates are given, for which the build must have written a resolver |
///
/// And what it would keep of the machine that built it.
///
/// For a `@QuarkusTest`: it reads what the build of that test has registered.
public final class NativeImage {

    private static final String OWN = "dev.quadrille.";
    private static final String REACHABILITY =
            "META-INF/native-image/dev.quadrille/quadrille-contract/reachability-metadata.json";

    /// Whose types nobody can tell from the call: the call takes any object. Who calls and is not
    /// here is a fault.
    private static final Map<String, List<String>> WRITTEN_BY_HAND =
            Map.of(
                    "chassis.Problem", List.of("chassis.Problem$Violation"),
                    "chassis.ParkedResource", List.of(), // texts and numbers
                    "contract.CloudEvents", List.of(), // events
                    "order.adapter.rest.OrdersResource", List.of("order.adapter.rest.OrderView"),
                    "order.adapter.rest.TimelineStream", List.of("order.adapter.rest.TimelineItem"),
                    "order.adapter.postgres.Lines", List.of("contract.OrderLine"),
                    "inventory.adapter.postgres.ReservationEntity", List.of("contract.StockLine"),
                    "notification.adapter.postgres.Json",
                            List.of(
                                    "contract.OrderLine",
                                    "notification.adapter.postgres.StoredNews"));

    private static final String JAX_RS = "jakarta.ws.rs.";

    private static final String HTTP = "HTTP";
    private static final String KAFKA = "Kafka";
    private static final String READ = "JSON that is read by hand";
    private static final String WRITTEN = "JSON that is written by hand";

    private static final Set<String> READS =
            Set.of("readValue", "treeToValue", "convertValue", "readEntity", "mapTo");
    private static final Set<String> WRITES = Set.of("with", "mapFrom", "valueToTree");

    private static final List<Class<?>> NOT_TO_BE_KEPT =
            List.of(
                    RandomGenerator.class,
                    Thread.class,
                    Executor.class,
                    InetAddress.class,
                    SocketAddress.class,
                    ByteBuffer.class,
                    Path.class);

    private static final Set<String> NOT_TO_BE_ASKED =
            Set.of(
                    "java.lang.System.getenv",
                    "java.lang.System.getProperty",
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.lang.Runtime.availableProcessors",
                    "java.time.Instant.now",
                    "java.time.ZoneId.systemDefault",
                    "java.util.Locale.getDefault",
                    "java.util.UUID.randomUUID",
                    "org.eclipse.microprofile.config.ConfigProvider.getConfig");

    private final JavaClasses classes;
    private final Set<String> registered = new HashSet<>();

    /// By type: which boundaries it crosses.
    private final Map<String, Set<String>> crossing = new TreeMap<>();

    private final List<String> faults = new ArrayList<>();

    private NativeImage(String service) {
        Function<ArchConfiguration, JavaClasses> imported = settings -> imported(settings, service);
        this.classes = ArchConfiguration.withThreadLocalScope(imported);
        registered.addAll(lines(RegistrationsOfBuild.RESOURCE));
        registered.addAll(ofTheContract());
    }

    /// Without the libraries, whose classes Quarkus has transformed where ArchUnit cannot follow.
    private static JavaClasses imported(ArchConfiguration settings, String service) {
        settings.setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages(OWN + service, OWN + "chassis", OWN + "delivery", OWN + "contract");
    }

    /// What is not registered, a line each; empty if the service is fit.
    ///
    /// @param service such as `order`
    public static List<String> lacks(String service) {
        var image = new NativeImage(service);
        image.crossesHttp();
        image.crossesKafka();
        image.crossesJson();
        image.crossesMail();
        image.keepsNothingOfTheBuild();
        return image.verdict();
    }

    private List<String> verdict() {
        for (var boundary : List.of(HTTP, KAFKA, READ, WRITTEN)) {
            if (crossing.values().stream().noneMatch(it -> it.contains(boundary))) {
                faults.add("nothing crosses " + boundary + ": the rules are blind");
            }
        }
        crossing.forEach((type, boundaries) -> {
            if (!registered.contains(type)) {
                faults.add(type + " crosses " + boundaries + " and is not registered");
            }
        });
        return faults;
    }

    private void crossesHttp() {
        for (var type : classes) {
            for (var method : type.getMethods()) {
                if (method.getAnnotations().stream().anyMatch(NativeImage::isOfJaxRs)) {
                    crossesHttp(method.reflect());
                }
            }
        }
    }

    private void crossesHttp(Method method) {
        collect(method.getGenericReturnType(), HTTP);
        for (var parameter : method.getParameters()) {
            // What says where it stands in the request stands there, and not in the body.
            if (Arrays.stream(parameter.getAnnotations())
                    .noneMatch(it -> it.annotationType().getName().startsWith(JAX_RS))) {
                collect(parameter.getParameterizedType(), HTTP);
            }
        }
    }

    private static boolean isOfJaxRs(JavaAnnotation<?> annotation) {
        return annotation.getRawType().getName().startsWith(JAX_RS);
    }

    private void crossesKafka() {
        for (var type : EventType.values()) {
            collect(type.recordClass(), KAFKA);
        }
    }

    private void crossesJson() {
        for (var type : classes) {
            var calls =
                    type.getMethodCallsFromSelf().stream().map(JavaMethodCall::getTarget).toList();
            if (calls.stream().anyMatch(NativeImage::reads)) {
                type.getReferencedClassObjects().stream()
                        .map(literal -> literal.getRawType().reflect())
                        .filter(literal -> literal.isRecord() || literal.isEnum())
                        .forEach(read -> collect(read, READ));
            }
            if (calls.stream().anyMatch(NativeImage::writes)) {
                var written = WRITTEN_BY_HAND.get(type.getName().substring(OWN.length()));
                if (written == null) {
                    faults.add(type.getName() + " writes JSON, and NativeImage does not know what");
                } else {
                    written.forEach(name -> collect(load(OWN + name), WRITTEN));
                }
            }
            if (type.isAssignableTo("com.fasterxml.jackson.core.type.TypeReference")) {
                // A native image need not know the classes that its signature names.
                faults.add(type.getName() + " is a TypeReference: readerForListOf names the class");
            }
        }
    }

    private static boolean reads(MethodCallTarget call) {
        return isOfJson(call)
                && (READS.contains(call.getName()) || call.getName().startsWith("readerFor"));
    }

    private static boolean writes(MethodCallTarget call) {
        return isOfJson(call)
                && (WRITES.contains(call.getName()) || call.getName().startsWith("writeValue"));
    }

    private static boolean isOfJson(MethodCallTarget call) {
        var owner = call.getOwner().getName();
        return owner.startsWith("com.fasterxml.jackson.databind.")
                || owner.equals("io.vertx.core.json.JsonObject")
                || owner.equals("jakarta.ws.rs.core.Response")
                || owner.equals("io.quarkiverse.resteasy.problem.HttpProblem$Builder");
    }

    private void crossesMail() {
        for (var type : classes) {
            if (type.isAnnotatedWith("io.quarkus.qute.CheckedTemplate")) {
                var given = new LinkedHashMap<String, Class<?>>();
                for (var method : type.getMethods()) {
                    Arrays.stream(method.reflect().getGenericParameterTypes())
                            .forEach(parameter -> own(parameter, given));
                }
                given.values().forEach(this::requireResolver);
            }
        }
    }

    /// Of all members, and not of those alone that the build has seen in a template.
    private void requireResolver(Class<?> given) {
        boolean annotated =
                Arrays.stream(given.getAnnotations())
                        .anyMatch(it ->
                                it.annotationType()
                                        .getName()
                                        .equals("io.quarkus.qute.TemplateData"));
        if (!annotated) {
            faults.add(given.getName() + " is given to a template and is no @TemplateData");
        }
    }

    /// Static fields are filled while the image is built, on another machine and long before: what
    /// they hold of its time, its chance, its environment or its network is wrong or forbidden.
    private void keepsNothingOfTheBuild() {
        for (var type : classes) {
            for (var field : type.getFields()) {
                if (field.getModifiers().contains(JavaModifier.STATIC)
                        && holds(field.reflect().getType())) {
                    faults.add(field.getFullName() + " would be kept from the build");
                }
            }
            type.getStaticInitializer()
                    .ifPresent(filled ->
                            filled.getMethodCallsFromSelf().stream()
                                    .map(call -> call.getTarget().getFullName())
                                    .map(name -> name.substring(0, name.indexOf('(')))
                                    .filter(NOT_TO_BE_ASKED::contains)
                                    .forEach(name ->
                                            faults.add(
                                                    type.getName()
                                                            + " asks "
                                                            + name
                                                            + " while the image is built")));
        }
    }

    private static boolean holds(Class<?> type) {
        return NOT_TO_BE_KEPT.stream().anyMatch(it -> it.isAssignableFrom(type));
    }

    private void collect(Type type, String boundary) {
        var found = new LinkedHashMap<String, Class<?>>();
        own(type, found);
        found.keySet()
                .forEach(
                        name -> crossing.computeIfAbsent(name, _ -> new HashSet<>()).add(boundary));
    }

    /// A type of ours and all it is made of. Jackson knows those of the JDK without reflection.
    private static void own(Type type, Map<String, Class<?>> found) {
        switch (type) {
            case ParameterizedType generic -> {
                own(generic.getRawType(), found);
                Stream.of(generic.getActualTypeArguments()).forEach(it -> own(it, found));
            }
            case Class<?> array when array.isArray() -> own(array.getComponentType(), found);
            case Class<?> own when own.getName().startsWith(OWN) -> {
                if (found.putIfAbsent(own.getName(), own) == null) {
                    if (own.isRecord()) {
                        Stream.of(own.getRecordComponents())
                                .forEach(it -> own(it.getGenericType(), found));
                    }
                    if (own.isSealed()) {
                        Stream.of(own.getPermittedSubclasses()).forEach(it -> own(it, found));
                    }
                }
            }
            default -> {}
        }
    }

    private static Class<?> load(String name) {
        try {
            return Thread.currentThread().getContextClassLoader().loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("NativeImage names a class that is not there", e);
        }
    }

    private static List<String> lines(String resource) {
        return read(resource).lines().toList();
    }

    private static Set<String> ofTheContract() {
        try {
            return new ObjectMapper()
                    .readTree(read(REACHABILITY))
                    .get("reflection")
                    .valueStream()
                    .map(entry -> entry.get("type").textValue())
                    .collect(toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String resource) {
        try (var stream =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("no " + resource + ": is this a QuarkusTest?");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
