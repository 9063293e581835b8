package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.store.TreeListing.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineageLayoutTest {

    @Test
    void a_parent_lies_in_the_middle_of_its_children_a_generation_before_them() {
        Map<String, Object> tree = layout(
                node("a", null, 9, false), node("b", "a", 8, false), node("c", "a", 5, true), node("d", "a", 7, false));

        assertThat(tree).containsEntry("x", new int[] {0, 1, 1, 1}).containsEntry("y", new double[] {1, 0, 1, 2});
        assertThat(tree.get("parent")).isEqualTo(List.of(-1, 0, 0, 0));
    }

    @Test
    void the_line_to_the_best_is_drawn_whatever_the_values_are_of() {
        List<Node> nodes = List.of(node("a", null, 9, false), node("b", "a", 5, false), node("c", "a", 7, true));

        assertThat(LineageLayout.of(nodes, false, "another", new CommitHash(hash("c"))))
                .containsEntry("best", List.of(2, 0));
        assertThat(LineageLayout.of(nodes, false, "another", null)).containsEntry("best", List.of());
    }

    @Test
    void only_what_led_to_an_elite_or_the_best_is_fruitful() {
        List<Node> kept = LineageLayout.fruitful(
                List.of(
                        node("a", null, 9, false),
                        node("b", "a", 5, false),
                        node("c", "b", 7, true),
                        node("d", "a", 1, false),
                        node("e", "a", 1, false)),
                new CommitHash(hash("e")));

        assertThat(kept).extracting(Node::subject).containsExactly("a", "b", "c", "e");
    }

    @Test
    void a_line_of_ten_thousand_generations_is_placed() {
        List<Node> line = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            line.add(node("n" + i, i == 0 ? null : "n" + (i - 1), i, false));
        }

        int[] depth = (int[]) Objects.requireNonNull(
                LineageLayout.of(line, false, "seconds", null).get("x"));

        assertThat(depth[9_999]).isEqualTo(9_999);
    }

    private static Map<String, Object> layout(Node... nodes) {
        return LineageLayout.of(List.of(nodes), false, "seconds", null);
    }

    private static Node node(String name, @Nullable String parent, double value, boolean elite) {
        return new Node(
                hash(name), parent == null ? null : hash(parent), name, value, elite, List.of(), null, null, null);
    }

    private static String hash(String name) {
        return HexFormat.of().formatHex("%-20s".formatted(name).getBytes(StandardCharsets.US_ASCII));
    }
}
