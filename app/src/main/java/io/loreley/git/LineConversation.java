package io.loreley.git;

import io.loreley.process.LongLived;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions to one long-lived git that answers each at once, in lines; it is started by the first question. When git
 * breaks off, it does not say why where it can be heard: whoever asked ends the conversation, and asks a process of its own.
 * The next question starts another git. For one thread at a time.
 */
final class LineConversation implements AutoCloseable {

    private final Git git;
    private final String[] arguments;
    private @Nullable Talk talk;

    LineConversation(Git git, String... arguments) {
        this.git = git;
        this.arguments = arguments.clone();
    }

    /**
     * Asks, and ends the conversation unless the answer is the one that was expected.
     *
     * @param question all of its lines
     * @param expected the lines of the answer
     */
    boolean isAnswered(String question, List<String> expected) {
        boolean answered = ask(question, expected);
        if (!answered) {
            close();
        }
        return answered;
    }

    private boolean ask(String question, List<String> expected) {
        Talk known = talk;
        if (known == null || !known.process().isAlive()) {
            close();
            known = Talk.with(git.open(arguments));
            talk = known;
        }
        try {
            known.say(question);
            for (String line : expected) {
                if (!line.equals(known.answers().readLine())) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    @Override
    public void close() {
        Talk known = talk;
        talk = null;
        if (known != null) {
            known.process().close();
        }
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
