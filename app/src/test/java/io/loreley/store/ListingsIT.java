package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Direction;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Json;
import io.loreley.domain.Objective;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Bounds;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.Projection;
import io.loreley.mapelites.projection.Ranges;
import io.loreley.mapelites.projection.Traits;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** What those see who look at commits, trees and archives. */
@Execution(ExecutionMode.CONCURRENT)
class ListingsIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private CardListing cards;
    private ArchiveListing archive;
    private TreeListing tree;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        cards = new CardListing(search.database);
        archive = new ArchiveListing(search.database);
        tree = new TreeListing(search.database);
    }

    @Test
    void a_commit_that_may_not_compete_is_told_from_those_that_may() {
        ingest(0, 3);
        ingest(1, 4);
        search.execute("""
                UPDATE commit_cards SET verdict = 'GATE_FAILED', verdict_stage = 'smoke', verdict_reason = 'too slow'
                WHERE commit_hash = '%s'""".formatted(Rows.commit(1)));

        assertThat(cards.points(search.experiment.id(), "score", 100))
                .extracting(CardListing.Point::accepted)
                .containsExactly(true, false);
        assertThat(cards.find(search.experiment.id(), Rows.commit(1).value(), "score"))
                .hasValueSatisfying(card -> {
                    assertThat(card.verdict()).isEqualTo("GATE_FAILED");
                    assertThat(card.verdictStage()).isEqualTo("smoke");
                    assertThat(card.verdictReason()).isEqualTo("too slow");
                });
        assertThat(cards.find(search.experiment.id(), Rows.commit(0).value(), "score"))
                .hasValueSatisfying(card -> {
                    assertThat(card.verdict()).isEqualTo("ACCEPTED");
                    assertThat(card.verdictReason()).isNull();
                });
    }

    @Test
    void a_commit_that_migrated_is_an_elite_of_each_island_whose_cell_it_holds() {
        ingest(0, 3);
        ingest(1, 4);
        IslandKey second = new IslandKey(search.experiment.id(), "another");
        arrive(second, 1, 9);
        arrive(second, 0, 8);
        search.execute("DELETE FROM map_elites_archive_cells WHERE island_id = 'main' AND cell_index = 4");

        assertThat(archive.seats(search.island, Rows.commit(0)))
                .containsExactly(new ArchiveListing.Seat("main", 3), new ArchiveListing.Seat("another", 8));
        assertThat(archive.seats(search.island, Rows.commit(1))).containsExactly(new ArchiveListing.Seat("another", 9));
        assertThat(cards.find(search.experiment.id(), Rows.commit(1).value(), "score"))
                .hasValueSatisfying(card -> assertThat(card.elite()).isTrue());
        assertThat(tree.commits(search.experiment.id(), "score", 10, null))
                .extracting(TreeListing.Node::elite)
                .containsExactly(true, true);
        assertThat(archive.best(search.experiment.id(), 10)).containsExactly(Rows.commit(1), Rows.commit(0));
    }

    @Test
    void the_tree_holds_a_commit_with_all_that_it_descends_from_however_old() {
        for (int number = 0; number < 6; number++) {
            ingest(number, number);
        }
        search.execute(
                "UPDATE commit_cards SET parent_commit_hash = NULL WHERE commit_hash = '%s'".formatted(Rows.commit(0)));

        assertThat(tree.commits(search.experiment.id(), "score", 2, Rows.commit(3)))
                .extracting(TreeListing.Node::commit)
                .containsExactly(
                        Rows.commit(0).value(),
                        Rows.commit(3).value(),
                        Rows.commit(4).value(),
                        Rows.commit(5).value());
        assertThat(tree.commits(search.experiment.id(), "score", 2, null)).hasSize(2);
        assertThat(cards.children(search.experiment.id(), Rows.commit(0))).isEqualTo(5);
    }

    @Test
    void a_commit_is_found_by_its_first_digits_whatever_the_order_of_the_database() {
        search.execute("ALTER TABLE commit_cards ALTER commit_hash TYPE varchar(64) COLLATE \"da-x-icu\"");
        search.execute("ALTER TABLE evolution_jobs ALTER result_commit_hash TYPE varchar(64) COLLATE \"da-x-icu\"");
        search.succeeded(1);
        String hash = "bbbaa" + "0".repeat(35); // a Dane reads å after z
        search.execute("UPDATE evolution_jobs SET result_commit_hash = '%s'".formatted(hash));
        search.execute("UPDATE commit_cards SET commit_hash = '%s'".formatted(hash));

        assertThat(cards.find(search.experiment.id(), "bbba", "score")).isPresent();
        assertThat(cards.find(search.experiment.id(), hash, "score")).isPresent();
        assertThat(cards.find(search.experiment.id(), "bbb0", "score")).isEmpty();
        var made = new JobListing.Filter(search.experiment.id(), Set.of(), null, null, null, "bbba");
        assertThat(new JobListing(search.database).page(made, "score", null, 9).items())
                .hasSize(1);
    }

    @Test
    void digits_that_several_commits_begin_with_are_refused() {
        search.succeeded(1);
        search.succeeded(2);

        assertThatThrownBy(() -> cards.find(search.experiment.id(), "00000", "score"))
                .hasMessageContaining("several recorded commits begin with '00000'");
    }

    @Test
    void all_commits_are_counted_and_those_of_a_filter_up_to_a_limit() {
        search.execute("""
                INSERT INTO commit_cards (id, commit_hash, experiment_id, subject, change_summary)
                SELECT gen_random_uuid(), lpad(to_hex(n), 40, '0'), '%s', 'Try', 'something'
                FROM generate_series(1, %d) n""".formatted(search.experiment.id(), Page.COUNTED + 7));

        var all = new CardListing.Filter(search.experiment.id(), null, null);
        var tried = new CardListing.Filter(search.experiment.id(), null, "try");

        assertThat(cards.page(all, "score", null, 1).total()).isEqualTo(Page.COUNTED + 7);
        assertThat(cards.page(tried, "score", null, 1).total()).isEqualTo(Page.COUNTED);
    }

    @Test
    void an_exported_archive_says_what_the_evaluator_said() {
        ingest(0, 3);
        ingest(7, 4);
        assertThat(exported())
                .extracting(line -> line.path("objective").asDouble())
                .containsExactly(0.0, 7.0);

        search.execute("UPDATE experiments SET config_snapshot = '{\"objective\": {\"direction\": \"minimize\"}}'");
        search.execute("UPDATE map_elites_archive_cells SET objective = -objective, threshold = -threshold");

        assertThat(exported())
                .extracting(line -> line.path("objective").asDouble())
                .containsExactly(0.0, 7.0);
        assertThat(exported())
                .extracting(line -> line.path("threshold").asDouble())
                .containsExactly(0.0, 7.0);
    }

    @Test
    void only_what_may_compete_and_was_measured_in_every_way_is_traded_off() {
        for (int number = 0; number < 4; number++) {
            ingest(number, number);
        }
        search.execute(
                "UPDATE commit_cards SET verdict = 'CONSTRAINT_VIOLATED', verdict_reason = 'slow' WHERE commit_hash = '%s'"
                        .formatted(Rows.commit(3)));
        search.execute(
                "DELETE FROM metrics WHERE name = 'seconds' AND commit_card_id = '%s'".formatted(new UUID(4, 2)));
        search.execute("UPDATE metrics SET value = 9 WHERE name = 'seconds' AND commit_card_id = '%s'"
                .formatted(new UUID(4, 1)));
        var objective = new Objective(
                "score", Direction.MAXIMIZE, List.of(new Objective.Aim("seconds", Direction.MINIMIZE)), List.of());

        TradeOffs.Found found = new TradeOffs(search.database).of(search.experiment.id(), objective, 10);

        assertThat(found.sample())
                .extracting(TradeOffs.Point::values)
                .containsExactly(Map.of("score", 0.0, "seconds", 1.5), Map.of("score", 1.0, "seconds", 9.0));
        assertThat(found.front()).extracting(TradeOffs.Point::commit).containsExactly(Rows.commit(1), Rows.commit(0));

        TradeOffs.Found few = new TradeOffs(search.database).of(search.experiment.id(), objective, 1);
        assertThat(few.total()).isEqualTo(2);
        assertThat(few.front()).isEqualTo(found.front());
        assertThat(few.sample()).containsExactly(found.sample().getFirst());
    }

    private List<JsonNode> exported() {
        StringWriter out = new StringWriter();
        new Tables(search.database).write("archive", Tables.Format.JSONL, search.experiment.id(), out);
        return out.toString()
                .lines()
                .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private void ingest(int number, long cell) {
        search.clock.advance(Duration.ofSeconds(1));
        var seen = new Observation(Rows.commit(number), Traits.of(Vector.of(1, 2)), number, "hash");
        search.archives.record(
                search.island,
                search.succeeded(number),
                new Ingested(IngestionStatus.SUCCEEDED, 1, 2, null, cell),
                new IslandChange.Placed(seen, elite(number, cell), 1, false));
        search.execute("UPDATE commit_cards SET created_at = '%s' WHERE commit_hash = '%s'"
                .formatted(search.clock.instant(), Rows.commit(number)));
    }

    @Test
    void a_layout_tells_the_bounds_of_measured_axes_in_their_place() {
        configure("[\"learned\", \"seconds\", \"size from 0 to 9\"]");
        Projection projection = projection();
        layOut(new Layout(5, projection, new Ranges(List.of(new Bounds(0.5, 12), new Bounds(-3, 7)), 64)), 0);

        assertThat(archive.layout(entry(), "main")).hasValueSatisfying(layout -> {
            assertThat(layout.version()).isEqualTo(5);
            assertThat(layout.method()).isEqualTo("PCA");
            assertThat(layout.samples()).isEqualTo(projection.samples());
            assertThat(layout.bounds())
                    .containsExactly(null, null, new ArchiveListing.Range(0.5, 12), new ArchiveListing.Range(-3, 7));
        });
        assertThat(entry().axes()).containsExactly("learned 1", "learned 2", "seconds", "size");
    }

    @Test
    void an_archive_whose_axes_are_all_metrics_has_a_version_and_samples_too() {
        configure("[\"seconds\"]");
        layOut(new Layout(3, null, new Ranges(List.of(new Bounds(0.5, 12)), 64)), 0);

        assertThat(archive.layout(entry(), "main")).hasValueSatisfying(layout -> {
            assertThat(layout.version()).isEqualTo(3);
            assertThat(layout.method()).isNull();
            assertThat(layout.samples()).isEqualTo(64);
        });
    }

    @Test
    void the_growth_of_an_archive_that_was_laid_out_anew_is_that_of_todays_elites() {
        configure("[\"seconds\"]");
        layOut(layout(1), 0, elite(0, 3));
        ingest(1, 3);
        ingest(2, 5);

        assertThat(growth(100).getFirst().complete()).isTrue();
        assertThat(squares(growth(100))).containsExactly(7L, 3L, 5L);

        layOut(layout(2), 3, elite(2, 6), elite(1, 4));

        assertThat(growth(100).getFirst().complete()).isFalse();
        assertThat(squares(growth(100))).containsExactly(4L, 6L);
    }

    @Test
    void a_growth_that_is_read_part_by_part_is_the_same() {
        configure("[\"seconds\"]");
        layOut(layout(1), 0, elite(0, 3));
        ingest(1, 3);
        ingest(2, 5);
        assertThat(growth(2)).extracting(part -> part.entrances().size()).containsExactly(2, 1);
        assertThat(squares(growth(2))).isEqualTo(squares(growth(100)));
        assertThat(growth(1)).extracting(ArchiveGrowth.Part::total).containsOnly(3L);

        layOut(layout(2), 3, elite(2, 6), elite(1, 4));
        assertThat(squares(growth(1))).isEqualTo(squares(growth(100)));
    }

    /** All parts of at most so many entrances. */
    private List<ArchiveGrowth.Part> growth(int limit) {
        ArchiveGrowth growth = new ArchiveGrowth(search.database);
        ArchiveMap.Plane plane = new ArchiveMap.Plane(1, 8, true, 0, 0);
        List<ArchiveGrowth.Part> parts = new ArrayList<>();
        for (Cursor<String> after = ArchiveGrowth.BEGINNING; after != null; ) {
            ArchiveGrowth.Part part = growth.part(search.island, plane, "score", after, limit);
            parts.add(part);
            after = part.next() == null ? null : Cursor.parse(part.next(), commit -> commit);
        }
        return parts;
    }

    private static List<Long> squares(List<ArchiveGrowth.Part> growth) {
        return growth.stream()
                .flatMap(part -> part.entrances().stream())
                .map(ArchiveGrowth.Entrance::square)
                .toList();
    }

    private void configure(String measures) {
        search.execute("""
                UPDATE experiments SET config_snapshot =
                    '{"search": {"dimensions": 2, "measures": %s, "cells-per-dimension": 8}}'""".formatted(measures));
    }

    private Catalogue.Entry entry() {
        return new Catalogue(search.database).find(search.experiment.id()).orElseThrow();
    }

    private void layOut(Layout layout, int number, StoredElite... elites) {
        search.clock.advance(Duration.ofSeconds(1));
        search.archives.record(
                search.island,
                search.succeeded(number),
                new Ingested(IngestionStatus.SUCCEEDED, 1, 2, null, 7L),
                new IslandChange.Rebuilt(
                        new Observation(Rows.commit(number), new Traits(Vector.of(), Vector.of(1)), number, "hash"),
                        layout,
                        List.of(),
                        List.of(elites)));
    }

    private static Layout layout(int version) {
        return new Layout(version, null, new Ranges(List.of(new Bounds(0, 1)), 8));
    }

    private static Projection projection() {
        return new Projection(
                2,
                Projection.Method.PCA,
                Vector.of(0, 0, 0),
                List.of(Vector.of(1, 0, 0), Vector.of(0, 1, 0)),
                Vector.of(3, 2),
                Vector.of(1, 1),
                Vector.of(-2, -2),
                Vector.of(2, 2),
                31);
    }

    private void arrive(IslandKey island, int number, long cell) {
        Sql.transaction(
                search.database,
                connection -> new IslandRows(connection, island).place(List.of(elite(number, cell)), 1));
    }

    private static StoredElite elite(int number, long cell) {
        return new StoredElite(cell, Rows.commit(number), number, number, Vector.of(0.5, 0.5), number);
    }
}
