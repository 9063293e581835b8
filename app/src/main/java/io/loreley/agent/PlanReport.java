package io.loreley.agent;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a planning agent reports. Its schema and its limits are those of its components. */
record PlanReport(
        @Field(doc = "The plan in one or two sentences.", max = 512, essential = true)
        String planSummary,

        @Field(doc = "Why this change should serve the goal, with the metrics it rests on.", max = 2048)
        String rationale,

        @Field(doc = "Names of the metrics that should move.", max = 200, items = 10)
        List<String> focusMetrics,

        @Field(doc = "What must stay as it is.", max = 200, items = 20)
        List<String> guardrails,

        @Field(doc = "What could go wrong.", max = 200, items = 20)
        List<String> risks,

        @Field(doc = "How to see that it went well.", max = 200, items = 20)
        List<String> validation,

        @Field(doc = "What to do, in order.", items = 6, essential = true)
        List<Step> steps,

        @Field(doc = "What else the one who carries it out should know.", max = 200, items = AgentReport.NOTES)
        List<String> handoffNotes,

        @Field(doc = "What to do instead if the plan proves impossible; null for nothing.", max = 1200) @Nullable
        String fallbackPlan) {

    static final ReportFormat<PlanReport> FORMAT = new ReportFormat<>(PlanReport.class, "planSummary");

    /** One step. */
    record Step(
            @Field(doc = "A short name, such as s1.", max = 64)
            String id,

            @Field(doc = "The step in a few words.", max = 120, essential = true)
            String title,

            @Field(doc = "What it is for.", max = 400) String intent,

            @Field(doc = "What to do, concretely.", max = 200, items = 12)
            List<String> actions,

            @Field(doc = "Files it touches.", max = 256, items = 30)
            List<String> files,

            @Field(doc = "Steps that come before it, by id.", max = 200, items = 12)
            List<String> dependencies,

            @Field(doc = "How to check this step.", max = 200, items = 12)
            List<String> validation,

            @Field(doc = "What could go wrong in it.", max = 200, items = 12)
            List<String> risks,

            @Field(doc = "Code, commits or documents to look at.", max = 256, items = 12)
            List<String> references) {}

    AgentReport report() {
        return new AgentReport(planSummary, null, Map.of(AgentReport.PLAN, FORMAT.values(this)));
    }

    /** The whole plan in words, for the one who carries it out. */
    String text() {
        StringBuilder text = new StringBuilder(planSummary).append("\n\n");
        paragraph(text, "Why: ", rationale);
        bullets(text, "Metrics that should move", focusMetrics);
        bullets(text, "Must stay as it is", guardrails);
        int number = 1;
        for (Step step : steps) {
            text.append("Step %d (%s): %s%n".formatted(number++, step.id, step.title));
            paragraph(text, "  For: ", step.intent);
            step.actions.forEach(action -> text.append("  - ").append(action).append('\n'));
            line(text, "  Files: ", step.files);
            line(text, "  After: ", step.dependencies);
            line(text, "  Check: ", step.validation);
            line(text, "  Risks: ", step.risks);
            line(text, "  See: ", step.references);
        }
        text.append('\n');
        bullets(text, "Risks", risks);
        bullets(text, "To see that it went well", validation);
        bullets(text, "Notes", handoffNotes);
        paragraph(text, "If that proves impossible: ", fallbackPlan);
        return text.toString().strip();
    }

    private static void paragraph(StringBuilder text, String label, @Nullable String content) {
        if (content != null && !content.isBlank()) {
            text.append(label).append(content).append('\n');
        }
    }

    private static void line(StringBuilder text, String label, List<String> items) {
        paragraph(text, label, String.join("; ", items));
    }

    private static void bullets(StringBuilder text, String title, List<String> items) {
        if (!items.isEmpty()) {
            text.append(
                    items.stream().map(item -> "- " + item).collect(Collectors.joining("\n", title + ":\n", "\n\n")));
        }
    }
}
