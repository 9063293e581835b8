package io.loreley.contract;

import io.loreley.domain.FailureKind;

/** What a program of either role may do wrong, as the body of a shell script, and what must be said of it. */
public enum HostileProgram {
    ANSWERS_NOTHING(":", Cause.OUTPUT, "wrote no"),
    ANSWERS_NOTHING_IN_A_FILE(": > \"$LORELEY_RESULT\"", Cause.OUTPUT, "is empty"),
    ANSWERS_PROSE("echo 'I have done it' > \"$LORELEY_RESULT\"", Cause.OUTPUT, "is not JSON"),
    ANSWERS_A_LIST("echo '[1, 2]' > \"$LORELEY_RESULT\"", Cause.OUTPUT, "must be an object, and is a list"),
    ANSWERS_TWICE("echo '{} {}' > \"$LORELEY_RESULT\"", Cause.OUTPUT, "is not JSON"),
    ANSWERS_A_KEY_TWICE(
            "echo '{\"summary\": \"a\", \"summary\": \"b\"}' > \"$LORELEY_RESULT\"", Cause.OUTPUT, "is not JSON"),
    ANSWERS_HALF("printf '{\"summary\": \"it' > \"$LORELEY_RESULT\"", Cause.OUTPUT, "is not JSON"),
    ANSWERS_LATIN_1("printf '{\"summary\": \"\\351t\\351\"}' > \"$LORELEY_RESULT\"", Cause.OUTPUT, "is not UTF-8"),
    ANSWERS_TOO_MUCH(
            "head -c 10000000 /dev/zero | tr '\\0' x > \"$LORELEY_RESULT\"", Cause.OUTPUT, "more than 1,048,576 bytes"),
    ANSWERS_WITH_A_FOLDER("mkdir \"$LORELEY_RESULT\"", Cause.OUTPUT, "something else than a file"),
    ANSWERS_WITH_A_PIPE("mkfifo \"$LORELEY_RESULT\"", Cause.OUTPUT, "something else than a file"),
    ANSWERS_WITH_A_LINK("ln -s request.json \"$LORELEY_RESULT\"", Cause.OUTPUT, "something else than a file"),
    PRINTS_TOO_MUCH("yes | head -c 100000000", Cause.OUTPUT, "printed more than"),
    HANGS("while :; do sleep 1; done", Cause.TIMEOUT, "did not end within 1 s"),
    IGNORES_TERM("trap '' TERM; while :; do sleep 1; done", Cause.TIMEOUT, "did not end within 1 s"),
    HANGS_WITH_A_CHILD_ON_ITS_OUTPUT("sleep 300 & wait", Cause.TIMEOUT, "did not end within 1 s"),
    HANGS_WITH_A_DAEMON("setsid sleep 300 & sleep 300", Cause.TIMEOUT, "did not end within 1 s"),
    LEAVES_AN_ORPHAN_AND_NO_ANSWER("sleep 300 &", Cause.OUTPUT, "wrote no"),
    LEAVES_A_DAEMON_AND_NO_ANSWER("(setsid sleep 300 >/dev/null 2>&1 &)", Cause.OUTPUT, "wrote no"),
    KILLS_ITSELF("kill -9 $$", Cause.CRASH, "was ended by signal 9"),
    FAILS("echo 'the model is not available' >&2; exit 3", Cause.CRASH, "the model is not available"),
    FAILS_ALTHOUGH_IT_ANSWERED(
            "echo '{\"summary\": \"a\"}' > \"$LORELEY_RESULT\"; exit 3", Cause.CRASH, "ended with exit code 3"),
    CALLS_WHAT_IS_NOT_THERE("no-such-tool-anywhere", Cause.CRASH, "exit code 127");

    private final String script;
    private final Cause cause;
    private final String message;

    HostileProgram(String script, Cause cause, String message) {
        this.script = script;
        this.cause = cause;
        this.message = message;
    }

    public String script() {
        return script;
    }

    /** How long it is let run: short only where waiting is the test. */
    public int seconds() {
        return cause == Cause.TIMEOUT ? 1 : 60;
    }

    /** What the failure's message holds. */
    public String message() {
        return message;
    }

    public FailureKind kindFor(Role role) {
        return switch (cause) {
            case CRASH -> role.crashed("", null).kind();
            case TIMEOUT -> role.overran("").kind();
            case OUTPUT -> role.unreadable("", null).kind();
        };
    }

    private enum Cause {
        CRASH,
        TIMEOUT,
        OUTPUT
    }
}
