package io.loreley.cli;

import io.loreley.cli.settings.SettingsReference;

/** The reference page on {@code loreley.yaml}, written from the records that it is bound to. */
final class SettingsPage {

    private static final String INTRODUCTION = """
            # Settings

            What `loreley.yaml` may say. This page is generated from the records that the file is bound to; do not edit it.

            - A value comes from the first place that has it: flag, environment variable, file, default.
            - A blank value is no value. Keys are written with hyphens. An unknown key stops the start.
            - Durations: `90s`, `2m`, `1h30m`, `1.5h`; a bare number is seconds. Lists in an environment variable are written
              as in the file: `[a, b]`.
            - Commands may use `${project}` (the folder of the file) and `${java}` (the java that runs Loreley).

            What defines the search, and so the experiment: `goal`, `constraints`, `acceptance`, the commit that `root` names,
            the commands of `agent` and `planner`, `kind`, `model`, `schema-mode` and `cli.arguments` of both, the templates in
            the folder `prompts`, the pool `agents` with `agents-strategy`, `memory`, the evaluator and the files it consists of,
            `objective`, all of `search`, and `embedding` but for `base-url` and `batch`. A change there is another experiment, and
            Loreley asks before it starts one. Everything else may change at any time: `name`, `budget`, time limits and other
            limits, the Python interpreter, `exclusive`, `max-metrics`, `pass-environment`, and the settings of the machine.

            """;

    private static final String MACHINE = """

            ## The machine

            Never in the file, because they say nothing on the search.

            | flag | environment | what it says | default |
            |---|---|---|---|
            | `--home` | `LORELEY_HOME` | Folder of the database, hubs, work trees and logs. | `~/.loreley` |
            | `--database-url` | `DATABASE_URL` | A PostgreSQL of version 15 or newer. | an embedded one |
            | `--workers` | `WORKER_COUNT` | Jobs that run at once. | one per core |
            | `--log-level` | `LOG_LEVEL` | What is logged: error, warn, info, debug, trace. | `info` |
            | `--log-format` | `LOG_FORMAT` | How it is written: text or json. | `text` |
            | `--git-remote` | `LORELEY_GIT_REMOTE` | The bare repository through which machines exchange commits. | none |
            | `--labels` | `WORKER_LABELS` | What the workers here can do, separated by commas. | nothing special |
            | `--soft-limit` | `WORKER_SOFT_LIMIT` | How long jobs at work may go on after a first signal. | `2s` |
            | | `WORKER_HEARTBEAT_SECONDS` | How often a worker says that it holds its jobs, from 0.5 to 60. | `2` |
            | `--metrics-port` | `METRICS_PORT` | Where `/metrics` and `/health` are answered: a port, or a host and a port. | nowhere |

            What `loreley db prune` keeps, besides elites, what they descend from, and open jobs; of files, also what each process lets go
            of by itself once a day:

            | flag | environment | what it says | default |
            |---|---|---|---|
            | `--artifacts-for` | `ARTIFACT_RETENTION` | Files of jobs that ended so long ago. | `%s` |
            | `--artifact-megabytes` | `ARTIFACT_MEGABYTES` | So much of them, the youngest. | `%s` |
            | `--cache-for` | `CACHE_RETENTION` | Embeddings that nothing refers to, so long. | `%s` |
            """.formatted(
                    RetentionOptions.ARTIFACT_AGE, RetentionOptions.ARTIFACT_MEGABYTES, RetentionOptions.CACHE_AGE);

    private SettingsPage() {}

    static String markdown() {
        return INTRODUCTION + SettingsReference.markdown(ProjectSettings.class) + MACHINE;
    }
}
