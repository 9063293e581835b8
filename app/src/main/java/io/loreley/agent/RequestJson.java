package io.loreley.agent;

import io.loreley.domain.Measurement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The request file of the agent contract. Its keys are promised to users: add, never rename. */
final class RequestJson {

    private RequestJson() {}

    /** Every key is always there; what is absent is null. */
    static Map<String, @Nullable Object> of(AgentRequest request) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("stage", request.stage().name().toLowerCase(Locale.ROOT));
        json.put("job", request.job());
        json.put("goal", request.goal());
        json.put("constraints", request.constraints());
        json.put("acceptance_criteria", request.acceptanceCriteria());
        json.put("base", commit(request.base()));
        json.put(
                "inspirations",
                request.inspirations().stream().map(RequestJson::commit).toList());
        json.put("plan", request.plan());
        json.put("context", request.context().stream().map(RequestJson::section).toList());
        json.put("iteration_hint", request.iterationHint());
        json.put("seed", request.seed());
        json.put("time_limit_seconds", request.timeLimit().toMillis() / 1000.0);
        return json;
    }

    private static Map<String, @Nullable Object> section(PromptSection section) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("title", section.title());
        json.put("text", section.text());
        json.put("importance", section.importance());
        return json;
    }

    private static Map<String, @Nullable Object> commit(CommitBrief brief) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("commit", brief.commit().value());
        json.put("subject", brief.subject());
        json.put("change_summary", brief.changeSummary());
        json.put("evaluation_summary", brief.evaluationSummary());
        json.put("metrics", metrics(brief.metrics()));
        json.put("key_files", brief.keyFiles());
        json.put("highlights", brief.highlights());
        return json;
    }

    private static List<Map<String, @Nullable Object>> metrics(List<Measurement> metrics) {
        return metrics.stream().map(RequestJson::metric).toList();
    }

    private static Map<String, @Nullable Object> metric(Measurement metric) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", metric.name());
        json.put("value", metric.value());
        json.put("unit", metric.unit());
        json.put("direction", metric.direction().name().toLowerCase(Locale.ROOT));
        json.put("details", metric.details());
        return json;
    }
}
