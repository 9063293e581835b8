package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Reads objects through long-lived {@code git cat-file} processes: as many as there are threads that read at once, kept
 * for the next who asks. A conversation that broke off is ended and never used again. Safe for many threads.
 */
final class ObjectReader implements AutoCloseable {

    /** Questions asked before the first answer is read. All of them must fit in the smallest pipe, of 16 KB. */
    private static final int PIPELINED = 200;

    private final Git git;
    private final ConcurrentLinkedDeque<ObjectConversation> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    ObjectReader(Git git) {
        this.git = git;
    }

    /** Whether there is an object of that name, and it is a commit, tree or blob. */
    boolean isOfType(String type, String name) {
        if (!ObjectConversation.takes(name)) {
            return git.attempt("cat-file", "-t", name).text().strip().equals(type);
        }
        return talk(name, conversation -> conversation.headers(List.of(name)).getFirst())
                .filter(found -> found.type().equals(type))
                .isPresent();
    }

    /** Whether all of these objects are there. */
    boolean hold(Collection<String> hashes) {
        for (List<String> some : batches(hashes)) {
            if (!talk(some.size() + " objects", conversation -> conversation.headers(some)).stream()
                    .allMatch(Optional::isPresent)) {
                return false;
            }
        }
        return true;
    }

    CommitInfo commit(CommitHash hash) {
        byte[] content = talk(hash.value(), conversation -> conversation.content(hash.value()));
        return parse(hash, new String(content, StandardCharsets.UTF_8));
    }

    /** How many bytes each of these objects has. */
    Map<String, Long> sizes(Collection<String> hashes) {
        Map<String, Long> sizes = new HashMap<>();
        for (List<String> some : batches(hashes)) {
            List<Optional<ObjectConversation.Header>> headers =
                    talk(some.size() + " objects", conversation -> conversation.headers(some));
            for (int i = 0; i < some.size(); i++) {
                String hash = some.get(i);
                sizes.put(hash, headers.get(i).orElseThrow(() -> missing(hash)).size());
            }
        }
        return sizes;
    }

    void blobs(Collection<String> hashes, long limit, BlobVisitor visitor) {
        for (List<String> some : batches(hashes)) {
            talk(some.size() + " blobs", conversation -> {
                read(some, limit, visitor, conversation);
                return true;
            });
        }
    }

    private static List<List<String>> batches(Collection<String> hashes) {
        List<String> all = List.copyOf(hashes);
        List<List<String>> batches = new ArrayList<>();
        for (int start = 0; start < all.size(); start += PIPELINED) {
            batches.add(all.subList(start, Math.min(all.size(), start + PIPELINED)));
        }
        return batches;
    }

    private static void read(List<String> hashes, long limit, BlobVisitor visitor, ObjectConversation conversation)
            throws IOException {
        List<Optional<ObjectConversation.Header>> headers = conversation.headers(hashes);
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            String hash = hashes.get(i);
            var header = headers.get(i).orElseThrow(() -> missing(hash));
            if (header.size() > limit) {
                visitor.tooLarge(hash, header.size());
            } else {
                wanted.add(hash);
            }
        }
        conversation.contents(wanted, visitor);
    }

    private <T> T talk(String subject, Question<T> question) {
        ObjectConversation conversation = idle.pollFirst();
        if (conversation != null && !conversation.isAlive()) {
            conversation.close(); // or the runner would go on to know its number, which may become another's
            conversation = null;
        }
        if (conversation == null) {
            conversation = new ObjectConversation(git.open("cat-file", "--batch-command", "--buffer"));
        }
        boolean complete = false;
        try {
            T answer = question.ask(conversation);
            complete = true;
            return answer;
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.GIT, "git cannot read %s: %s".formatted(subject, e.getMessage()), e);
        } finally {
            giveBack(conversation, complete);
        }
    }

    private void giveBack(ObjectConversation conversation, boolean complete) {
        if (complete) {
            idle.addFirst(conversation);
        } else {
            conversation.close();
        }
        if (closed) {
            endIdle();
        }
    }

    private void endIdle() {
        for (var conversation = idle.pollFirst(); conversation != null; conversation = idle.pollFirst()) {
            conversation.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        endIdle();
    }

    private static LoreleyException missing(String name) {
        return new LoreleyException(FailureKind.GIT, "object %s is missing from the repository".formatted(name));
    }

    private static CommitInfo parse(CommitHash hash, String text) {
        int blank = text.indexOf("\n\n");
        String header = blank < 0 ? text : text.substring(0, blank);
        String message = blank < 0 ? "" : text.substring(blank + 2);
        String tree = "";
        String author = "";
        List<CommitHash> parents = new ArrayList<>();
        for (String line : header.lines().toList()) {
            if (line.startsWith("tree ")) {
                tree = line.substring("tree ".length());
            } else if (line.startsWith("parent ")) {
                parents.add(new CommitHash(line.substring("parent ".length())));
            } else if (line.startsWith("author ")) {
                int mail = line.indexOf('<');
                author = line.substring("author ".length(), mail < 0 ? line.length() : mail)
                        .strip();
            }
        }
        if (tree.isEmpty()) {
            throw new LoreleyException(FailureKind.GIT, "object %s is not a commit".formatted(hash));
        }
        String said = message.strip();
        int end = said.indexOf('\n');
        return end < 0
                ? new CommitInfo(tree, parents, author, said, "")
                : new CommitInfo(
                        tree,
                        parents,
                        author,
                        said.substring(0, end).strip(),
                        said.substring(end).strip());
    }

    private interface Question<T> {
        T ask(ObjectConversation conversation) throws IOException;
    }
}
