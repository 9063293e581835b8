package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import java.util.Optional;

/**
 * A candidate that does not want to be measured, once as a shell script that its judge reads in and once as a Python module
 * that its judge loads, and what must become of it.
 */
enum HostileCandidate {
    LOOPS_FOR_EVER("while :; do :; done", "while True:\n    pass", FailureKind.EVALUATOR_TIMEOUT),
    IGNORES_TERM(
            "trap '' TERM INT HUP; while :; do sleep 1; done",
            "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(300)",
            FailureKind.EVALUATOR_TIMEOUT),
    FORKS_WITHOUT_END(
            "while :; do sleep 300 & done",
            "import os, time\nwhile True:\n    if os.fork() == 0:\n        time.sleep(300)",
            FailureKind.EVALUATOR_CRASH),
    PRINTS_A_GIGABYTE(
            "yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | head -c 1000000000",
            "import os\nline = b'x' * 1000000\nfor _ in range(1000):\n    os.write(1, line)",
            FailureKind.EVALUATOR_OUTPUT),
    HOGS_MEMORY(
            "head -c 2000000000 /dev/zero | tail",
            "hog = bytearray()\nwhile True:\n    hog += b'x' * 10000000",
            FailureKind.EVALUATOR_CRASH),
    DAEMONISES_AND_STOPS(
            "(setsid sleep 300 >/dev/null 2>&1 &); sleep 300",
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.execve('/bin/sleep', ['sleep', '300'], {})\ntime.sleep(300)",
            FailureKind.EVALUATOR_TIMEOUT),
    LEAVES_WITH_NOTHING("exit 0", "import os\nos._exit(0)", FailureKind.EVALUATOR_OUTPUT),
    CLAIMS_NAN(
            "printf '{\"metrics\": {\"score\": NaN}}' > \"$LORELEY_RESULT\"; exit 0",
            "SCORE = float('nan')",
            FailureKind.EVALUATOR_OUTPUT),
    ANSWERS_WITH_TEN_MEGABYTES(
            "head -c 10000000 /dev/zero | tr '\\0' x > \"$LORELEY_RESULT\"; exit 0",
            "SCORE = 1\nNOTE = 'x' * 10000000",
            FailureKind.EVALUATOR_OUTPUT),
    KILLS_ITS_PARENT(
            "kill -9 $PPID; sleep 1; kill -9 $$",
            "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(os.getpid(), signal.SIGKILL)",
            FailureKind.EVALUATOR_CRASH),
    MAKES_PIPES_OF_ITS_LOGS(
            "for log in stdout.log stderr.log; do log=$(dirname \"$LORELEY_REQUEST\")/$log; rm \"$log\"; mkfifo \"$log\"; done",
            """
            folder = os.path.dirname(os.environ["LORELEY_REQUEST"])
            for log in ["stdout.log", "stderr.log"]:
                os.remove(os.path.join(folder, log))
                os.mkfifo(os.path.join(folder, log))
            SCORE = 1
            """);

    /** Leaves a temporary file behind, and says where. */
    private static final String SHELL_LITTER = "echo \"$TMPDIR\" >> \"$SEEN\"; : > \"$TMPDIR/rest\"\n";

    private static final String PYTHON_LITTER = """
            import os
            with open(os.environ["SEEN"], "a") as seen:
                seen.write(os.environ["TMPDIR"] + "\\n")
            open(os.path.join(os.environ["TMPDIR"], "rest"), "w").close()
            """;

    private final String shell;
    private final String python;
    private final Optional<FailureKind> kind;

    HostileCandidate(String shell, String python, FailureKind kind) {
        this(shell, python, Optional.of(kind));
    }

    /** One that does no harm whoever judges it. */
    HostileCandidate(String shell, String python) {
        this(shell, python, Optional.empty());
    }

    HostileCandidate(String shell, String python, Optional<FailureKind> kind) {
        this.shell = shell;
        this.python = python;
        this.kind = kind;
    }

    String shell() {
        return SHELL_LITTER + shell;
    }

    String python() {
        return PYTHON_LITTER + python;
    }

    /** Whether it never comes as far as an answer, so that only those who start it can say what becomes of it. */
    boolean isOnlyOfItsStart() {
        return switch (this) {
            case LOOPS_FOR_EVER,
                    IGNORES_TERM,
                    FORKS_WITHOUT_END,
                    PRINTS_A_GIGABYTE,
                    HOGS_MEMORY,
                    DAEMONISES_AND_STOPS -> true;
            case LEAVES_WITH_NOTHING,
                    CLAIMS_NAN,
                    ANSWERS_WITH_TEN_MEGABYTES,
                    KILLS_ITS_PARENT,
                    MAKES_PIPES_OF_ITS_LOGS -> false;
        };
    }

    /** How its evaluation fails; empty where it does no harm: what it does is cut, or a test that fails. */
    Optional<FailureKind> failure(EvaluatorKind under) {
        return switch (this) {
            case LOOPS_FOR_EVER,
                    IGNORES_TERM,
                    FORKS_WITHOUT_END,
                    PRINTS_A_GIGABYTE,
                    HOGS_MEMORY,
                    DAEMONISES_AND_STOPS,
                    KILLS_ITS_PARENT,
                    MAKES_PIPES_OF_ITS_LOGS -> kind;
            // ShinkaEvolve's evaluator is a process of its own, whose silence the adapter notices first.
            case LEAVES_WITH_NOTHING -> under == EvaluatorKind.SHINKA ? Optional.of(FailureKind.EVALUATOR_CRASH) : kind;
            case CLAIMS_NAN ->
                switch (under) {
                    case COMMAND, JUNIT, JMH, HYPERFINE -> kind;
                    case PYTHON -> Optional.of(FailureKind.EVALUATOR_CRASH);
                    case OPENEVOLVE, SHINKA -> Optional.of(FailureKind.OBJECTIVE_MISSING);
                    case PYTEST -> Optional.empty();
                };
            case ANSWERS_WITH_TEN_MEGABYTES ->
                under == EvaluatorKind.PYTEST || under == EvaluatorKind.OPENEVOLVE ? Optional.empty() : kind;
        };
    }
}
