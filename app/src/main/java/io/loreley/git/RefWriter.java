package io.loreley.git;

import io.loreley.process.LongLived;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes refs through one long-lived {@code git update-ref --stdin}, which saves a process for each candidate that is
 * kept. Every change is a transaction that git has answered before it counts. When git breaks off, it does not say why where
 * it can be heard: the change, which can be repeated, is then left to a process of its own. Safe for many threads, one at
 * a time.
 */
final class RefWriter implements AutoCloseable {

    private static final String UPDATE_REF = "update-ref";
    private static final String STDIN = "--stdin";
    private static final List<String> STEPS = List.of("start: ok", "prepare: ok", "commit: ok");

    private final Git git;
    private @Nullable Talk talk;

    RefWriter(Git git) {
        this.git = git;
    }

    /**
     * Carries out all of the commands, or none.
     *
     * @param commands as {@code git update-ref --stdin} reads them, each on a line
     */
    synchronized void transact(String commands) {
        if (!isDone(commands)) {
            close();
            git.runWithInput(commands, UPDATE_REF, STDIN);
        }
    }

    private boolean isDone(String commands) {
        Talk known = talk;
        if (known == null || !known.process().isAlive()) {
            known = Talk.with(git.open(UPDATE_REF, STDIN));
            talk = known;
        }
        try {
            known.say("start\n%sprepare\ncommit\n".formatted(commands));
            for (String step : STEPS) {
                if (!step.equals(known.answers().readLine())) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    @Override
    public synchronized void close() {
        Talk known = talk;
        if (known != null) {
            known.process().close();
        }
        talk = null;
    }

    private record Talk(LongLived process, BufferedReader answers) {

        static Talk with(LongLived process) {
            return new Talk(
                    process, new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8)));
        }

        void say(String words) throws IOException {
            process.input().write(words.getBytes(StandardCharsets.UTF_8));
            process.input().flush();
        }
    }
}
