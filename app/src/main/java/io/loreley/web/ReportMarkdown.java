package io.loreley.web;

import io.loreley.domain.ExperimentStatus;
import io.loreley.store.CardListing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The findings as Markdown. What candidates wrote is escaped: it neither links nor formats. */
final class ReportMarkdown {

    private final Findings findings;
    private final StringBuilder out = new StringBuilder();

    ReportMarkdown(Findings findings) {
        this.findings = findings;
    }

    String write() {
        line("# " + text(findings.experiment().name()));
        line("");
        line("> " + text(findings.experiment().goal()));
        line("");
        summary();
        metrics();
        line("## The line to the best");
        line("");
        line("| commit | " + text(findings.objective().metric()) + " | what |");
        line("|---|---:|---|");
        findings.ancestry().reversed().forEach(this::commit);
        line("");
        line("## The best elites");
        line("");
        line("| commit | " + text(findings.objective().metric()) + " | what |");
        line("|---|---:|---|");
        findings.elites().forEach(this::commit);
        line("");
        agents();
        patches();
        return out.toString();
    }

    private void summary() {
        var status = findings.status();
        line("%d jobs succeeded, %d failed, in %s. %d elites, coverage %s, QD score %s."
                .formatted(
                        status.jobs().succeeded(),
                        status.jobs().failed(),
                        Figures.duration(status.elapsed()),
                        status.elites(),
                        Figures.percent(status.coverage()),
                        Figures.number(status.qdScore())));
        line("");
        findings.status()
                .failures()
                .forEach((kind, jobs) -> line("- %d × %s"
                        .formatted(jobs, kind.name().toLowerCase(Locale.ROOT).replace('_', ' '))));
        line("");
    }

    private void metrics() {
        Findings.Measured best = findings.best();
        if (best == null) {
            line("Nothing was measured yet.");
            line("");
            return;
        }
        line("## The best: `%s`".formatted(best.card().commit()));
        line("");
        line(text(best.card().subject()));
        line("");
        ExperimentStatus.Holdout holdout = findings.status().holdout();
        if (holdout != null) {
            line("Hold-out: %s.".formatted(holdout.describe()));
            line("");
        }
        line("| metric | best | root | difference |");
        line("|---|---:|---:|---:|");
        for (CardListing.Value metric : best.metrics()) {
            Double root = of(findings.root(), metric.name());
            line("| %s | %s | %s | %s |"
                    .formatted(
                            text(metric.name()),
                            Figures.number(metric.value()),
                            Figures.number(root),
                            root == null ? "–" : Figures.signed(metric.value() - root)));
        }
        line("");
    }

    static @Nullable Double of(Findings.@Nullable Measured measured, String metric) {
        return measured == null
                ? null
                : measured.metrics().stream()
                        .filter(each -> each.name().equals(metric))
                        .map(CardListing.Value::value)
                        .findFirst()
                        .orElse(null);
    }

    private void commit(CardListing.Line card) {
        line("| `%s` | %s | %s |"
                .formatted(card.commit().abbreviated(), Figures.number(card.objective()), text(card.subject())));
    }

    private void agents() {
        line("## What was spent");
        line("");
        line("| stage | agent | model | stages | failed | placed | calls | tokens in | out | cost |");
        line("|---|---|---|---:|---:|---:|---:|---:|---:|---:|");
        findings.arms()
                .forEach(arm -> line("| %s | %s | %s | %d | %d | %d | %d | %d | %d | %s |"
                        .formatted(
                                arm.stage().toLowerCase(Locale.ROOT),
                                text(arm.agent() == null ? "evaluator" : arm.agent()),
                                text(arm.model() == null ? "–" : arm.model()),
                                arm.stages(),
                                arm.failed(),
                                arm.placed(),
                                arm.calls(),
                                arm.inputTokens(),
                                arm.outputTokens(),
                                Figures.dollars(arm.costUsd()))));
        line("");
    }

    private void patches() {
        line("## Changes of the best against the root");
        line("");
        findings.patches()
                .forEach(patch -> line("- %s +%d −%d"
                        .formatted(
                                Safe.code(patch.stat().path()),
                                patch.stat().added(),
                                patch.stat().deleted())));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private static String text(String text) {
        return Safe.visible(text)
                .replaceAll("([\\\\`*_{}\\[\\]<>()#+!|~-])", "\\\\$1")
                .replace('\n', ' ');
    }
}
