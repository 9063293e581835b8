package io.loreley.git;

import java.util.List;

/**
 * Changes refs through one long-lived {@code git update-ref --stdin}, which saves a process for each candidate that is
 * kept. Every change is a transaction that git has answered before it counts; one that it did not, which can be repeated,
 * is left to a process of its own. Safe for many threads, one at a time.
 */
final class RefWriter implements AutoCloseable {

    private static final String UPDATE_REF = "update-ref";
    private static final String STDIN = "--stdin";
    private static final List<String> STEPS = List.of("start: ok", "prepare: ok", "commit: ok");

    private final Git git;
    private final LineConversation talk;

    RefWriter(Git git) {
        this.git = git;
        this.talk = new LineConversation(git, UPDATE_REF, STDIN);
    }

    /**
     * Carries out all of the commands, or none.
     *
     * @param commands as {@code git update-ref --stdin} reads them, each on a line
     */
    synchronized void transact(String commands) {
        if (!talk.isAnswered("start\n%sprepare\ncommit\n".formatted(commands), STEPS)) {
            git.runWithInput(commands, UPDATE_REF, STDIN);
        }
    }

    @Override
    public synchronized void close() {
        talk.close();
    }
}
