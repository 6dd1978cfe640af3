package dev.quadrille.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What the figures were measured on.
///
/// @param fsyncMs what it takes to bring 8 KiB to the disk on which the data lie, in the middle: a
///   commit cannot be quicker
record Machine(
        int cores,
        String cpu,
        String memory,
        String kernel,
        String jdk,
        double fsyncMs,
        double load) {

    private static final int FSYNCS = 100;
    private static final int PAGE_BYTES = 8192;

    /// @param folder where the data will lie
    static Machine here(Path folder) throws Fault {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                Proc.line("cpuinfo", "model name"),
                Proc.line("meminfo", "MemTotal"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                fsyncMs(folder),
                loadAverage());
    }

    /// Of the last minute.
    static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    List<String> lines() {
        return List.of(
                "  machine   %d cores, %s, memory %s, %s".formatted(cores, cpu, memory, kernel),
                "  JDK       " + jdk,
                "  disk      8 KiB are written and synced in %s ms (median of %d)"
                        .formatted(Table.number(fsyncMs), FSYNCS),
                "  load      %.2f at the start".formatted(load));
    }

    private static double fsyncMs(Path folder) throws Fault {
        Path file = folder.resolve("fsync");
        var took = new ArrayList<Double>();
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var page = ByteBuffer.allocate(PAGE_BYTES);
            for (int i = 0; i < FSYNCS; i++) {
                page.rewind();
                long begun = System.nanoTime();
                channel.write(page, 0);
                channel.force(false);
                took.add((System.nanoTime() - begun) / 1e6);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new Fault("The temporary folder cannot be written: " + e);
        }
        return Spread.of(took).median();
    }
}
