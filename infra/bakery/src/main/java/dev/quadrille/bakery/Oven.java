package dev.quadrille.bakery;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.registry.RegistryClient;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// Bakes with Jib: first into a file, where an image can be looked at, then into the registry.
final class Oven {

    private static final int MAX_CAUSES = 8;

    private final Wish wish;

    Oven(Wish wish) {
        this.wish = wish;
    }

    /// How an image is made. Asked each time anew: a builder of Jib's can change.
    @FunctionalInterface
    interface Recipe {
        JibContainerBuilder builder() throws IOException;
    }

    /// @param file the image as an OCI layout in one file, which `podman load` and `skopeo` read
    record Baked(String name, String tag, String digest, Path file, Recipe recipe) {}

    Baked bake(String name, String tag, Recipe recipe) throws IOException, InterruptedException {
        Path file =
                wish.work()
                        .resolve("images")
                        .resolve(name + tag.substring(wish.version().length()) + ".tar");
        Files.createDirectories(file.getParent());
        var reference = ImageReference.of(null, "quadrille/" + name, tag);
        var digest = contain(recipe, Containerizer.to(TarImage.at(file).named(reference)));
        return new Baked(name, tag, digest, file, recipe);
    }

    /// @throws Refusal if the tag stands for another image already
    void push(Baked baked, String registry) throws IOException, InterruptedException {
        var reference = reference(registry, baked.name(), baked.tag());
        var there = digestOf(reference);
        if (there.isPresent()) {
            if (there.get().equals(baked.digest())) {
                System.out.println("  %-16s is there already".formatted(baked.name()));
                return;
            }
            throw Refusal.taken(
                    "%s is in the registry with the digest %s, and what was baked now has %s. Remedy: a tag stays what it is; commit, so that there is a new version, and bake that"
                            .formatted(reference, there.get(), baked.digest()));
        }
        var pushed = contain(baked.recipe(), Containerizer.to(registryImage(reference)));
        if (!pushed.equals(baked.digest())) {
            throw new IllegalStateException(
                    "%s was looked at with the digest %s and pushed with %s"
                            .formatted(reference, baked.digest(), pushed));
        }
        System.out.println("  %-16s pushed".formatted(baked.name()));
    }

    /// @param digest `sha256:...`
    static RegistryImage pinned(String registry, String name, String digest) {
        return registryImage(reference(registry, name, digest));
    }

    private String contain(Recipe recipe, Containerizer into)
            throws IOException, InterruptedException {
        into.setToolName("quadrille-bakery");
        into.setBaseImageLayersCache(wish.work().resolve("jib/bases"));
        into.setApplicationLayersCache(wish.work().resolve("jib/layers"));
        into.setAllowInsecureRegistries(wish.registry().filter(Oven::isThisMachine).isPresent());
        into.addEventHandler(
                LogEvent.class,
                event -> {
                    if (event.getLevel() == LogEvent.Level.ERROR) {
                        System.err.println(event.getMessage());
                    }
                });
        try {
            return recipe.builder().containerize(into).getDigest().toString();
        } catch (ExecutionException e) {
            throw new IOException(reason(e), e);
        } catch (RegistryException
                | com.google.cloud.tools.jib.api.CacheDirectoryCreationException e) {
            throw new IOException(reason(e), e);
        }
    }

    private static Optional<String> digestOf(ImageReference reference) throws IOException {
        boolean here = isThisMachine(reference.getRegistry());
        var http = new FailoverHttpClient(here, false, event -> {});
        try {
            var factory =
                    RegistryClient.factory(
                            EventHandlers.NONE,
                            reference.getRegistry(),
                            reference.getRepository(),
                            http);
            boolean known = false;
            for (var retriever : credentials(reference)) {
                var credential = retriever.retrieve();
                if (credential.isPresent()) {
                    factory.setCredential(credential.get());
                    known = true;
                    break;
                }
            }
            var client = factory.newRegistryClient();
            if (!client.doPullBearerAuth() && known) {
                client.configureBasicAuth();
            }
            return client.checkManifest(reference.getTag().orElseThrow())
                    .map(manifest -> manifest.getDigest().toString());
        } catch (RegistryException | CredentialRetrievalException e) {
            throw new IOException(reason(e), e);
        } finally {
            http.shutDown();
        }
    }

    private static RegistryImage registryImage(ImageReference reference) {
        var image = RegistryImage.named(reference);
        credentials(reference).forEach(image::addCredentialRetriever);
        return image;
    }

    /// Docker's own.
    private static List<CredentialRetriever> credentials(ImageReference reference) {
        var factory = CredentialRetrieverFactory.forImage(reference, event -> {});
        return List.of(factory.dockerConfig(), factory.wellKnownCredentialHelpers());
    }

    private static ImageReference reference(String registry, String name, String tagOrDigest) {
        var separator = tagOrDigest.startsWith("sha256:") ? "@" : ":";
        try {
            return ImageReference.parse(registry + "/quadrille/" + name + separator + tagOrDigest);
        } catch (InvalidImageReferenceException e) {
            throw new IllegalArgumentException("No registry: " + registry, e);
        }
    }

    private static boolean isThisMachine(String registry) {
        return registry.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?(/.*)?");
    }

    private static String reason(Throwable fault) {
        Throwable cause = fault;
        for (int i = 0; i < MAX_CAUSES && cause.getCause() != null; i++) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
