package io.loreley.cli;

import io.loreley.agent.AgentKind;
import io.loreley.agent.PlannerSettings;
import io.loreley.agent.PooledAgent;
import io.loreley.domain.RunEvent;
import io.loreley.evaluation.ContainmentSettings;
import io.loreley.process.Isolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the settings keep agents and evaluators in, and what of it this machine does not keep. */
final class Confinement {

    /** What helps where namespaces are refused. */
    static final String FIX =
            "allow user namespaces here (sysctl kernel.unprivileged_userns_clone=1; a container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined) and, for a hold-out, install bubblewrap; or say in the settings that it is so: `isolation: none`, `network: true`";

    /** Whether something can be hidden does not depend on what it is. */
    private static final List<Path> ANYTHING = List.of(Path.of("holdout"));

    private Confinement() {}

    /**
     * One for each kind of shortfall.
     *
     * @throws io.loreley.domain.LoreleyException of kind CONFIGURATION if an isolation cannot be had at all
     */
    static List<RunEvent.Loose> shortfalls(ProjectSettings settings) {
        Map<String, List<String>> programs = new LinkedHashMap<>();
        isolations(settings)
                .forEach((key, isolation) -> isolation
                        .shortfall()
                        .ifPresent(open -> programs.computeIfAbsent(open, any -> new ArrayList<>())
                                .add(key)));
        return programs.entrySet().stream()
                .map(entry -> new RunEvent.Loose(entry.getValue(), entry.getKey()))
                .toList();
    }

    /** By the key of the settings. */
    private static Map<String, Isolation> isolations(ProjectSettings settings) {
        Map<String, Isolation> isolations = new LinkedHashMap<>();
        boolean isPool = !settings.agents().isEmpty();
        for (PooledAgent pooled : settings.pool()) {
            if (pooled.agent().kind() != AgentKind.MUTATION) {
                isolations.put(
                        isPool ? "agent " + pooled.name() : "agent",
                        of(pooled.agent().limits()));
            }
        }
        PlannerSettings planner = settings.planner();
        if (planner != null) {
            isolations.put("planner", of(planner.limits()));
        }
        ContainmentSettings evaluator = settings.evaluator().containment();
        isolations.put("evaluator", new Isolation(evaluator.isolation(), evaluator.network(), List.of()));
        if (settings.evaluator().holdout() != null) {
            isolations.replaceAll((key, isolation) -> isolation.hiding(ANYTHING));
        }
        return isolations;
    }

    private static Isolation of(io.loreley.agent.ContainmentSettings limits) {
        return new Isolation(limits.isolation(), limits.network(), List.of());
    }
}
