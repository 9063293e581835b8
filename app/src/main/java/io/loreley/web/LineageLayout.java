package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.domain.JobId;
import io.loreley.store.TreeListing.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places the commits of a tree: a generation is a column, and every commit has a row of its own beside its descendants, so
 * that no edge crosses another. The larger branch lies in the middle of its siblings' order of birth. Linear in the nodes.
 */
final class LineageLayout {

    private final List<Node> nodes;
    private final Map<String, Integer> index = new HashMap<>();
    private final List<List<Integer>> children = new ArrayList<>();
    private final List<Integer> roots = new ArrayList<>();
    private final int[] depth;
    private final double[] row;

    private LineageLayout(List<Node> nodes) {
        this.nodes = nodes;
        this.depth = new int[nodes.size()];
        this.row = new double[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            index.put(nodes.get(i).commit(), i);
            children.add(new ArrayList<>());
        }
        for (int i = 0; i < nodes.size(); i++) {
            Integer parent = parent(i);
            (parent == null ? roots : children.get(parent)).add(i);
        }
        place();
    }

    /**
     * The columns of a drawing: index by index, one commit each.
     *
     * @param metric what the values are of
     * @param best the best commit so far, whatever is drawn; absent if there is none
     */
    static Map<String, Object> of(List<Node> nodes, boolean truncated, String metric, @Nullable CommitHash best) {
        LineageLayout layout = new LineageLayout(nodes);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("metric", metric);
        body.put("truncated", truncated);
        body.put("rows", Arrays.stream(layout.row).max().orElse(0) + 1);
        body.put(
                "commit",
                nodes.stream().map(node -> node.commit().substring(0, 12)).toList());
        body.put("subject", nodes.stream().map(Node::subject).toList());
        body.put("parent", nodes.stream().map(node -> layout.at(node.parent())).toList());
        body.put("x", layout.depth);
        body.put("y", layout.row);
        body.put(
                "value",
                nodes.stream().map(node -> Rounding.shown(node.value())).toList());
        body.put("elite", nodes.stream().map(node -> node.elite() ? 1 : 0).toList());
        body.put(
                "draw",
                nodes.stream()
                        .map(node -> node.draw() == null ? -1 : node.draw())
                        .toList());
        body.put("failed", failed(nodes));
        body.put("inspirations", nodes.stream().map(layout::inspirations).toList());
        body.put("best", layout.line(best));
        return body;
    }

    /** By index, the jobs that failed: few among many commits. */
    private static Map<Integer, JobId> failed(List<Node> nodes) {
        Map<Integer, JobId> failed = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            JobId job = nodes.get(i).failed();
            if (job != null) {
                failed.put(i, job);
            }
        }
        return failed;
    }

    /** The elites, the best, and all that they descend from: what led nowhere is left out. */
    static List<Node> fruitful(List<Node> nodes, @Nullable CommitHash best) {
        Map<String, Node> known = new HashMap<>();
        nodes.forEach(node -> known.put(node.commit(), node));
        Set<String> kept = new HashSet<>();
        for (Node fruit : nodes) {
            boolean isBest = best != null && best.value().equals(fruit.commit());
            Node node = fruit.elite() || isBest ? fruit : null;
            while (node != null && kept.add(node.commit())) {
                node = node.parent() == null ? null : known.get(node.parent());
            }
        }
        return nodes.stream().filter(node -> kept.contains(node.commit())).toList();
    }

    private @Nullable Integer parent(int node) {
        String hash = nodes.get(node).parent();
        Integer parent = hash == null ? null : index.get(hash);
        return parent == null || parent == node ? null : parent;
    }

    private int at(@Nullable String hash) {
        return hash == null ? -1 : index.getOrDefault(hash, -1);
    }

    private List<Integer> inspirations(Node node) {
        return node.inspirations().stream()
                .map(this::at)
                .filter(place -> place >= 0)
                .toList();
    }

    /** Depth first without recursion, since a line of descent may be longer than a stack is deep. */
    private void place() {
        int next = 0;
        Deque<Integer> open = new ArrayDeque<>();
        List<Integer> order = new ArrayList<>(nodes.size());
        Set<Integer> seen = new HashSet<>();
        for (int i = roots.size() - 1; i >= 0; i--) {
            open.push(roots.get(i));
        }
        while (!open.isEmpty()) {
            int node = open.pop();
            if (!seen.add(node)) {
                continue;
            }
            order.add(node);
            Integer parent = parent(node);
            depth[node] = parent == null ? 0 : depth[parent] + 1;
            List<Integer> below = children.get(node);
            if (below.isEmpty()) {
                row[node] = next++;
            }
            for (int i = below.size() - 1; i >= 0; i--) {
                open.push(below.get(i));
            }
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            List<Integer> below = children.get(order.get(i));
            if (!below.isEmpty()) {
                row[order.get(i)] = (row[below.getFirst()] + row[below.getLast()]) / 2;
            }
        }
    }

    /** The line from a commit back to the oldest known one. */
    private List<Integer> line(@Nullable CommitHash from) {
        List<Integer> line = new ArrayList<>();
        Integer node = from == null ? null : index.get(from.value());
        while (node != null && line.size() <= nodes.size()) {
            line.add(node);
            node = parent(node);
        }
        return line;
    }
}
