package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Glob;
import io.loreley.domain.LoreleyException;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Checkout;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.git.TreeChange;
import java.nio.file.Path;
import java.util.List;

/** Measures no candidate that changes a path which it may not touch. Safe for many threads. */
public final class GuardedEvaluator implements Evaluator {

    private static final int PATHS_NAMED = 5;

    private final Evaluator evaluator;
    private final Hub hub;
    private final String prefix;
    private final List<String> patterns;
    private final List<Glob> globs;

    /**
     * @param subfolder the part of the repository that is evolved, empty for all of it
     * @param patterns globs or folders, seen from there
     */
    public GuardedEvaluator(Evaluator evaluator, Hub hub, String subfolder, List<String> patterns) {
        this.evaluator = evaluator;
        this.hub = hub;
        this.prefix = subfolder.isEmpty() ? "" : subfolder + "/";
        this.patterns = patterns.stream()
                .map(pattern -> pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern)
                .toList();
        this.globs = this.patterns.stream().map(Glob::of).toList();
    }

    @Override
    public Evaluation evaluate(Candidate candidate, Checkout checkout, Path scratch) throws InterruptedException {
        CommitHash base = candidate.base();
        if (base != null && !patterns.isEmpty()) {
            List<String> touched = hub.changes(base, candidate.commit()).stream()
                    .map(TreeChange::path)
                    .filter(path -> path.startsWith(prefix) && isProtected(path.substring(prefix.length())))
                    .toList();
            if (!touched.isEmpty()) {
                throw new LoreleyException(
                        FailureKind.PROTECTED_PATH,
                        "The candidate changes %d protected path%s, and is not measured: %s"
                                .formatted(
                                        touched.size(),
                                        touched.size() == 1 ? "" : "s",
                                        String.join(
                                                ", ",
                                                touched.stream()
                                                        .limit(PATHS_NAMED)
                                                        .toList())));
            }
        }
        return evaluator.evaluate(candidate, checkout, scratch);
    }

    private boolean isProtected(String path) {
        return patterns.stream().anyMatch(pattern -> path.equals(pattern) || path.startsWith(pattern + "/"))
                || globs.stream().anyMatch(glob -> glob.matches(path));
    }
}
