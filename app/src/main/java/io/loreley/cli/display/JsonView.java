package io.loreley.cli.display;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.JobId;
import io.loreley.domain.RunEvent;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is shown, as JSON for programs: the components of the records in snake case and in their order, durations in
 * seconds, instants in ISO 8601, enums in lower case, identifiers and hashes as texts.
 */
public final class JsonView {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonView() {}

    /** One line; {@code event} names what happened. */
    static String event(RunEvent event, Instant at) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("event", snake(event.getClass().getSimpleName()));
        members.put("at", at.toString());
        members.putAll(members((Record) event));
        return JSON.writeValueAsString(members);
    }

    /** One line. */
    public static String status(ExperimentStatus status, Overview.State state) {
        Map<String, @Nullable Object> members = statusMembers(status);
        members.put("state", json(state));
        return JSON.writeValueAsString(members);
    }

    static String report(EndReport report, Instant at) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("event", "finished");
        members.put("at", at.toString());
        members.putAll(members(report));
        members.put("status", statusMembers(report.status()));
        return JSON.writeValueAsString(members);
    }

    /** Any record, as {@code doctor} uses it. */
    public static String record(Record value) {
        return JSON.writeValueAsString(members(value));
    }

    private static Map<String, @Nullable Object> statusMembers(ExperimentStatus status) {
        Map<String, @Nullable Object> members = members(status);
        members.put("coverage", status.coverage());
        members.put("spent", members(status.spent()));
        members.put("improvements", status.improvements());
        members.put("cost_per_improvement", status.costPerImprovement());
        return members;
    }

    private static Map<String, @Nullable Object> members(Record value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true); // a record may be private to its package
                members.put(snake(component.getName()), json(accessor.invoke(value)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return members;
    }

    private static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case CommitHash hash -> hash.value();
            case JobId id -> id.toString();
            case ExperimentId id -> id.toString();
            case Duration duration -> duration.toMillis() / 1000.0;
            case Instant instant -> instant.toString();
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case Record nested -> members(nested);
            case List<?> list -> list.stream().map(JsonView::json).toList();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                map.forEach((key, member) -> members.put(String.valueOf(json(key)), json(member)));
                yield members;
            }
            default -> value;
        };
    }

    /** {@code JobStarted} → {@code job_started}. */
    private static String snake(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
