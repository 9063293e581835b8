package io.loreley.web;

import io.loreley.git.Hub;
import io.loreley.store.Catalogue;
import io.loreley.store.Database;
import java.time.InstantSource;

/** An experiment told on one page that needs nothing else: to be kept, sent, or printed. */
public final class Report {

    private Report() {}

    /** As HTML with its pictures and style inside, and no script. */
    public static String html(Database database, Hub hub, Catalogue.Entry experiment, InstantSource clock) {
        return new ReportHtml(Findings.of(database, hub, experiment, clock)).write();
    }

    /** As Markdown, without pictures. */
    public static String markdown(Database database, Hub hub, Catalogue.Entry experiment, InstantSource clock) {
        return new ReportMarkdown(Findings.of(database, hub, experiment, clock)).write();
    }
}
