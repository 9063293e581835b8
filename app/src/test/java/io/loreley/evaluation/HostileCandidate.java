package io.loreley.evaluation;

import io.loreley.domain.FailureKind;

/**
 * A candidate that does not want to be measured, once as a shell script and once in Python, and what must become of it. It
 * finds in {@code $PINNED} where the evaluator's copy lies, and in {@code $HOLDOUT} where a hold-out's would.
 */
enum HostileCandidate {
    LOOPS_FOR_EVER("while :; do :; done", "while True:\n    pass", FailureKind.EVALUATOR_TIMEOUT, "did not end within"),
    IGNORES_TERM(
            "trap '' TERM INT HUP; while :; do sleep 1; done",
            "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(300)",
            FailureKind.EVALUATOR_TIMEOUT,
            "did not end within"),
    FORKS_WITHOUT_END(
            "while :; do sleep 300 & done",
            "import os, time\nwhile True:\n    if os.fork() == 0:\n        time.sleep(300)",
            FailureKind.EVALUATOR_CRASH,
            "killed at its limit of"),
    PRINTS_A_GIGABYTE(
            "yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | head -c 1000000000",
            "import os\nline = b'x' * 1000000\nfor _ in range(1000):\n    os.write(1, line)",
            FailureKind.EVALUATOR_OUTPUT,
            "printed more than"),
    HOGS_MEMORY(
            "head -c 2000000000 /dev/zero | tail",
            "hog = bytearray()\nwhile True:\n    hog += b'x' * 10000000",
            FailureKind.EVALUATOR_CRASH,
            "memory"),
    DAEMONISES_AND_STOPS(
            "(setsid sleep 300 >/dev/null 2>&1 &); sleep 300",
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.execve('/bin/sleep', ['sleep', '300'], {})\ntime.sleep(300)",
            FailureKind.EVALUATOR_TIMEOUT,
            "did not end within"),
    LEAVES_WITH_NOTHING("exit 0", "import os\nos._exit(0)", FailureKind.EVALUATOR_OUTPUT, "wrote no"),
    CLAIMS_NAN("printf '{\"metrics\": {\"score\": NaN}}'; exit 0", "SCORE = float('nan')", null, "score"),
    ANSWERS_WITH_TEN_MEGABYTES(
            "head -c 10000000 /dev/zero | tr '\\0' x > \"$LORELEY_RESULT\"; exit 0",
            "SCORE = 1\nNOTE = 'x' * 10000000",
            null,
            "bytes"),
    KILLS_ITS_PARENT(
            "kill -9 $PPID; sleep 1; kill -9 $$",
            "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(os.getpid(), signal.SIGKILL)",
            FailureKind.EVALUATOR_CRASH,
            "");

    private final String shell;
    private final String python;
    private final @org.jspecify.annotations.Nullable FailureKind kind;
    private final String message;

    HostileCandidate(String shell, String python, @org.jspecify.annotations.Nullable FailureKind kind, String message) {
        this.shell = shell;
        this.python = python;
        this.kind = kind;
        this.message = message;
    }

    String shell() {
        return shell;
    }

    String python() {
        return python;
    }

    /** Absent where it depends on who reads the answer. */
    @org.jspecify.annotations.Nullable
    FailureKind kind() {
        return kind;
    }

    String message() {
        return message;
    }

    int seconds() {
        return kind == FailureKind.EVALUATOR_TIMEOUT ? 1 : 60;
    }
}
