package io.loreley.contract;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import io.loreley.process.FullDisk;
import io.loreley.process.KnownSecrets;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The files by which Loreley and a program talk, all in one folder that is kept afterwards. The program is told to write
 * to a folder within it only, from which its answer is taken up. What it can do besides depends on its isolation, so that
 * nothing is read but regular files of bounded size, and nothing is written where it may have left a link.
 *
 * @param resultName what the answer's file is called
 */
public record Exchange(Path folder, String resultName) {

    /** Far more than any report says, far less than what would hurt: one is held in memory per running job. */
    public static final int RESULT_LIMIT = 1 << 20;

    /** Bytes read from the end of standard output: one line at its limit, and some blank ones after it. */
    private static final int TAIL = RESULT_LIMIT + 4096;

    /** An exchange with its request written and nothing answered yet. */
    public static Exchange open(Path folder, String resultName, Map<String, ?> request) {
        Exchange exchange = new Exchange(folder.toAbsolutePath(), resultName);
        try {
            FileTree.makeFolders(Objects.requireNonNull(exchange.folder().getParent()), exchange.folder());
            for (Path old : List.of(exchange.result(), exchange.stdout(), exchange.stderr(), exchange.outbox())) {
                FileTree.delete(old);
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        exchange.write("request.json", Json.write(request) + "\n");
        return exchange;
    }

    /** Where the program may write. */
    public Path outbox() {
        return folder.resolve("out");
    }

    /** Makes the outbox, and says where in it the program's answer is looked for. */
    Path awaited() {
        try {
            return Files.createDirectory(outbox()).resolve(resultName);
        } catch (IOException e) {
            throw new NotStartedException(unusable(folder, e));
        }
    }

    /** Takes the answer of a program that has ended out of the outbox, whatever it is. What else is in there stays. */
    void takeIn() {
        try {
            for (Path ours : List.of(folder, stdout(), stderr(), outbox())) {
                FileTree.reclaim(ours);
            }
            Path answer = outbox().resolve(resultName);
            if (!Files.isDirectory(outbox(), LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (Files.exists(answer, LinkOption.NOFOLLOW_LINKS)) {
                FileTree.reclaim(answer);
                FileTree.delete(result());
                Files.move(answer, result());
            }
            Files.delete(outbox());
        } catch (DirectoryNotEmptyException e) {
            // The program left more than its answer, which is kept with it.
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    public Path request() {
        return folder.resolve("request.json");
    }

    public Path result() {
        return folder.resolve(resultName);
    }

    public Path stdout() {
        return folder.resolve("stdout.log");
    }

    public Path stderr() {
        return folder.resolve("stderr.log");
    }

    /**
     * Keeps a text beside the others, in a new file: one that the program left may be a link or a pipe. Half a character,
     * which is no UTF-8, becomes a question mark.
     */
    public void write(String name, String text) {
        Path file = folder.resolve(name);
        try {
            FileTree.reclaim(folder);
            FileTree.delete(file);
            Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** As {@link #write}, of what was paid for: a disk that is full is waited for. */
    public void keep(String name, String text) {
        FullDisk.of(folder).outlast(() -> write(name, text));
    }

    /** Masks secrets in what the program printed and answered. A disk that is full is waited for: its work is done. */
    public void mask(KnownSecrets secrets) {
        FullDisk.of(folder).outlast(() -> List.of(stdout(), stderr(), result()).forEach(secrets::mask));
    }

    /** Whether the program left something where its answer is looked for. */
    public boolean isAnswered() {
        return Files.exists(result(), LinkOption.NOFOLLOW_LINKS);
    }

    /** What the program answered; absent if it wrote no such file. */
    public Optional<byte[]> answer(Role role) {
        return ForeignFile.read(result(), RESULT_LIMIT, role);
    }

    /** The last line on standard output that is not blank, also kept as the answer's file; absent if there is none. */
    public Optional<byte[]> lastPrintedLine(Role role) {
        if (!Files.isRegularFile(stdout(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (SeekableByteChannel channel =
                Files.newByteChannel(stdout(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long start = Math.max(0, channel.size() - TAIL);
            channel.position(start);
            byte[] tail = Channels.newInputStream(channel).readNBytes(TAIL);
            int end = tail.length;
            while (end > 0 && isBlank(tail[end - 1])) {
                end--;
            }
            int begin = end;
            while (begin > 0 && tail[begin - 1] != '\n') {
                begin--;
            }
            if (end - begin > RESULT_LIMIT || (begin == 0 && start > 0)) {
                throw role.unreadable("printed a last line of more than %,d bytes".formatted(RESULT_LIMIT), null);
            }
            if (begin == end) {
                return Optional.empty();
            }
            byte[] line = Arrays.copyOfRange(tail, begin, end);
            Files.write(result(), line, StandardOpenOption.CREATE_NEW);
            return Optional.of(line);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }

    private static LoreleyException unusable(Path folder, IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE,
                "Cannot write to %s: %s. Check its permissions and the free space.".formatted(folder, e.getMessage()),
                e);
    }
}
