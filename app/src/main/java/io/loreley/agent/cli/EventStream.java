package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one run of a coding agent says, one JSON object a line. Lines that are none are passed over. Nothing in a stream
 * makes this throw: what it cannot use it does not count. For one thread.
 */
public abstract class EventStream {

    /** More tokens than one run can use; a count beyond it is a mistake, and sums of counts must not overflow. */
    private static final long MOST_TOKENS = 1L << 40;

    /** Shells and the JDK report death by signal n as exit code 128 + n. */
    private static final int SIGNAL_BASE = 128;

    private final @Nullable String model;
    private final List<Usage> unreported = new ArrayList<>();
    private int events;
    private boolean known;
    private boolean answered;
    private boolean metered;
    private Verdict.@Nullable Failed fatal;

    /** @param model that was asked for, if one was */
    EventStream(@Nullable String model) {
        this.model = model;
    }

    /** Reads one line of standard output. */
    public final void line(byte[] utf8) {
        JsonNode event;
        try {
            event = Json.parse(utf8);
        } catch (IllegalArgumentException e) {
            return; // a warning that a runtime printed; a stream that holds nothing else has no verdict
        }
        if (event.isObject()) {
            events++;
            known |= event(event);
        }
    }

    /** How many events there were. */
    public final int events() {
        return events;
    }

    /** Why the run has to be ended at once, if it has to. */
    public final Optional<Verdict.Failed> fatal() {
        return Optional.ofNullable(fatal);
    }

    /** What was spent since this was asked last. */
    public final List<Usage> spent() {
        List<Usage> spent = List.copyOf(unreported);
        unreported.clear();
        return spent;
    }

    /**
     * Says what is known to be spent although the run did not come to its end: where the model was at work and nothing says
     * what it used, one call without tokens. To be called once, after the last line.
     */
    public final void end() {
        settle();
        boolean worked = answered || (events > 0 && !known);
        if (worked && !metered) {
            unreported.add(new Usage(model, 0, 0, 0, null));
        }
    }

    /**
     * What came of a run that ended by itself.
     *
     * @param exit its exit code, which alone says nothing
     * @param error the end of what it wrote to standard error
     */
    public abstract Verdict verdict(int exit, String error);

    /** @return whether it is one that this agent is known to print */
    abstract boolean event(JsonNode event);

    /** {@link #spend Spends} what events said one by one, if none said a sum. */
    void settle() {}

    /** The model that was asked for; absent for the agent's own choice. */
    final @Nullable String model() {
        return model;
    }

    /** Says that the model answered, for which somebody has to pay whatever becomes of the run. */
    final void answered() {
        answered = true;
    }

    /** Counts a call, unless nothing is said of it: no call reads nothing, and only the provider may say it was free. */
    final void spend(Usage usage) {
        if (usage.inputTokens() + usage.outputTokens() > 0 || usage.costUsd() != null) {
            unreported.add(usage);
            metered = true;
        }
    }

    final void endNow(Verdict.Failed why) {
        if (fatal == null) {
            fatal = why;
        }
    }

    /** For a run that ended and never said how. */
    final Verdict.Failed ended(int exit, String error) {
        if (exit == 0) {
            // What speaks another language would do so again.
            return known
                    ? new Verdict.Failed(
                            FailureKind.AGENT_UNAVAILABLE,
                            "ended with exit code 0, and its stream of events was cut off")
                    : new Verdict.Failed(
                            FailureKind.AGENT_OUTPUT,
                            "ended with exit code 0, and printed no event that is known. Look at its version and at cli.arguments");
        }
        Verdict.Failed said = ProviderFault.of(error);
        return said.kind() == FailureKind.AGENT_CRASH
                ? new Verdict.Failed(FailureKind.AGENT_CRASH, exit(exit) + " before it said what came of its work")
                : said;
    }

    private static String exit(int code) {
        return code > SIGNAL_BASE ? "was ended by signal " + (code - SIGNAL_BASE) : "ended with exit code " + code;
    }

    /** The text at a JSON pointer; empty where there is none. */
    static String text(JsonNode node, String pointer) {
        JsonNode found = node.at(pointer);
        return found.isString() ? found.stringValue() : "";
    }

    /** The count at a JSON pointer; 0 where there is none. */
    static long count(JsonNode node, String pointer) {
        JsonNode found = node.at(pointer);
        return found.isIntegralNumber() && found.canConvertToLong() ? Math.clamp(found.longValue(), 0, MOST_TOKENS) : 0;
    }

    /** The money at a JSON pointer; absent where there is none. */
    static @Nullable Double money(JsonNode node, String pointer) {
        JsonNode found = node.at(pointer);
        if (!found.isNumber()) {
            return null;
        }
        double value = Json.decimal(found);
        return value >= 0 && Double.isFinite(value) ? value : null;
    }
}
