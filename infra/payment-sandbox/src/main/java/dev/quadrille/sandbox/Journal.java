package dev.quadrille.sandbox;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BiConsumer;

/// An append-only file of [Entry] lines. An appended entry is with the operating system when
/// [#append] returns, so it outlives the process; it is not forced to the disk, so it may not
/// outlive the machine.
///
/// Not safe for use by several threads: [Account] holds its lock.
final class Journal implements AutoCloseable {

    /// Where an entry stands in the file. Stored answers are read back from there: to keep them in
    /// memory for the 24 hours that they may be asked for would take more than all else together.
    record Place(long offset, int bytes) {}

    private final Path file;
    private final FileChannel channel;
    private long end;
    private boolean torn;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens or begins the journal in this folder and hands each of its entries to `replay`, oldest
    /// first. What a killed process wrote halfway at the end is cut off, and a line says so.
    ///
    /// @throws Settings.Unusable if the folder cannot hold a journal
    /// @throws IOException if another process has it open, or if it holds something that this
    ///   version does not understand
    static Journal open(Path folder, BiConsumer<Entry, Place> replay)
            throws IOException, Settings.Unusable {
        Path file = folder.resolve("journal.jsonl");
        FileChannel channel = channel(folder, file);
        try {
            lock(channel, folder);
            Journal journal = new Journal(file, channel);
            journal.replay(replay);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// @throws IOException if it could not be written; then it is as if nothing had been tried
    Place append(Entry entry) throws IOException {
        if (torn) {
            throw new IOException("the journal has a torn line that could not be cut off");
        }
        byte[] json = Json.MAPPER.writeValueAsBytes(entry);
        ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        try {
            long offset = end;
            while (line.hasRemaining()) {
                offset += channel.write(line, offset);
            }
        } catch (IOException e) {
            cutOff(e);
            throw e;
        }
        Place place = new Place(end, json.length);
        end += json.length + 1L;
        return place;
    }

    Entry read(Place place) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(place.bytes());
        while (line.hasRemaining()) {
            if (channel.read(line, place.offset() + line.position()) < 0) {
                throw new IOException("the journal is shorter than it was");
            }
        }
        return Json.MAPPER.readValue(line.array(), Entry.class);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            Log.warning("the journal did not close: " + e.getMessage());
        }
    }

    private static FileChannel channel(Path folder, Path file) throws Settings.Unusable {
        try {
            Files.createDirectories(folder);
            return FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new Settings.Unusable(
                    "QUADRILLE_SANDBOX_DATA: cannot keep a journal in "
                            + folder
                            + " ("
                            + e.getClass().getSimpleName()
                            + ")");
        }
    }

    /// Two processes would write over each other's lines. The lock goes with the process, however
    /// it ends.
    private static void lock(FileChannel channel, Path folder) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException _) {
            // Held by this very process: said below.
        }
        throw new IOException("another payment sandbox is using the folder " + folder);
    }

    private void replay(BiConsumer<Entry, Place> replay) throws IOException {
        long length = channel.size();
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (long at = 0; at < length; at += chunk.limit()) {
            if (channel.read(chunk.clear(), at) <= 0) {
                throw new IOException(file + " cannot be read to its end");
            }
            chunk.flip();
            int begin = 0;
            for (int i = 0; i < chunk.limit(); i++) {
                if (chunk.get(i) == '\n') {
                    line.write(chunk.array(), begin, i - begin);
                    replay(line.toByteArray(), length, replay);
                    line.reset();
                    begin = i + 1;
                }
            }
            line.write(chunk.array(), begin, chunk.limit() - begin);
        }
        if (end < length) {
            channel.truncate(end);
            Log.warning("cut a torn last line of " + (length - end) + " bytes off the journal");
        }
    }

    /// Leaves `end` where it is, before the line, if it is the last one and torn.
    private void replay(byte[] line, long length, BiConsumer<Entry, Place> replay)
            throws IOException {
        boolean last = end + line.length + 1 == length;
        if (!last || isJson(line)) {
            replay.accept(entry(line), new Place(end, line.length));
            end += line.length + 1L;
        }
    }

    private static boolean isJson(byte[] line) throws IOException {
        try {
            return !Json.MAPPER.readTree(line).isMissingNode();
        } catch (JsonProcessingException _) {
            return false;
        }
    }

    /// The parser's own message stays out of it: it may quote the line.
    private Entry entry(byte[] line) throws IOException {
        try {
            return Skipping.READER.readValue(line);
        } catch (JsonProcessingException _) {
            throw new IOException(
                    "the line at byte " + end + " of " + file + " is not one this version wrote");
        }
    }

    private void cutOff(IOException cause) {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            torn = true;
            cause.addSuppressed(e);
        }
    }

    /// Reads past the bodies of the answers, which are half of the journal and not needed at the
    /// start. The reader stands here so that it is made only if there is something to replay.
    private static final class Skipping extends StdDeserializer<JsonNode> {

        private static final long serialVersionUID = 1;

        static final ObjectReader READER =
                Json.MAPPER
                        .copy()
                        .registerModule(
                                new SimpleModule().addDeserializer(JsonNode.class, new Skipping()))
                        .readerFor(Entry.class);

        Skipping() {
            super(JsonNode.class);
        }

        @Override
        public JsonNode deserialize(JsonParser in, DeserializationContext context)
                throws IOException {
            in.skipChildren();
            return NullNode.instance;
        }
    }
}
