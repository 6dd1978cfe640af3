package dev.quadrille.local;

import java.nio.file.Path;

/// The folder of one stack: all that it keeps.
record Home(Path folder) {

    Path data() {
        return folder.resolve("data");
    }

    Path data(Part part) {
        return data().resolve(part.title());
    }

    Path logs() {
        return folder.resolve("logs");
    }

    Path log(Instance instance) {
        return logs().resolve(instance.title() + ".log");
    }

    /// What the launcher itself said.
    Path launcherLog() {
        return logs().resolve("launcher.log");
    }

    /// Of the last time that the databases were brought up to date.
    Path migrationsLog() {
        return logs().resolve("migrations.log");
    }

    /// Held by the launcher for as long as it lives: one stack in one home.
    Path lock() {
        return folder.resolve("launcher.lock");
    }
}
