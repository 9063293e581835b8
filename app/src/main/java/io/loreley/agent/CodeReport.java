package io.loreley.agent;

import io.loreley.domain.Limits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a coding agent reports. Its schema and its limits are those of its components. */
record CodeReport(
        @Field(doc = "What was changed and why, one paragraph of plain text.", max = 2000, essential = true)
        String implementationSummary,

        @Field(doc = "A commit subject in the imperative, at most 72 characters; null for none.", max = 200) @Nullable
        String commitMessage,

        @Field(doc = "What became of each step of the plan.", items = 12)
        List<StepResult> stepResults,

        @Field(doc = "Checks that were run, with their outcome.", max = 256, items = 50)
        List<String> testsExecuted,

        @Field(doc = "Checks that should be run.", max = 256, items = 50)
        List<String> testsRecommended,

        @Field(doc = "What remains to be done.", max = 200, items = 50)
        List<String> followUpItems,

        @Field(doc = "Anything else worth knowing.", max = 200, items = 50)
        List<String> notes) {

    static final ReportFormat<CodeReport> FORMAT = new ReportFormat<>(CodeReport.class, "implementationSummary");

    /** What became of one step. */
    record StepResult(
            @Field(doc = "The step's id in the plan.", max = 64)
            String stepId,

            @Field(doc = "How far it came.") Status status,

            @Field(doc = "What was done.", max = 800) String summary,

            @Field(doc = "Files that were changed.", max = 256, items = 50)
            List<String> files,

            @Field(doc = "Commands that were run.", max = 512, items = 50)
            List<String> commands) {}

    /** How far a step came. */
    enum Status {
        COMPLETED,
        PARTIAL,
        SKIPPED
    }

    AgentReport report() {
        String subject = commitMessage == null ? "" : Limits.oneLine(commitMessage);
        return new AgentReport(
                implementationSummary, subject.isEmpty() ? null : subject, Map.of("report", FORMAT.values(this)));
    }
}
