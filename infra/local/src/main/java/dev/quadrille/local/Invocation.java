package dev.quadrille.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A process to be started.
///
/// @param environment set beside what the launcher itself has
/// @param folder its working folder
record Invocation(List<String> command, Map<String, String> environment, Path folder) {
    Invocation {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
