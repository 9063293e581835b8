package io.loreley.embedding;

import java.util.Arrays;

/**
 * Counts 64-bit hashes: open addressing in two flat arrays, because boxed counters cost more than everything else that
 * embedding does. Iterates in the order of first occurrence, so that sums of doubles are the same every time. For one
 * thread; meant to be cleared and filled again.
 */
final class FeatureCounts {

    private static final int INITIAL_CAPACITY = 1 << 12;

    private long[] table = new long[INITIAL_CAPACITY];
    private int[] counts = new int[INITIAL_CAPACITY];
    /** The occupied places, in the order in which they were taken. */
    private int[] order = new int[INITIAL_CAPACITY / 2];

    private int size;

    void add(long hash) {
        int place = place(hash);
        if (counts[place]++ == 0) {
            table[place] = hash;
            order[size++] = place;
            if (size == order.length) {
                grow();
            }
        }
    }

    private int place(long hash) {
        int mask = table.length - 1;
        int place = (int) (hash >>> 32) & mask;
        while (counts[place] > 0 && table[place] != hash) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldTable = table;
        int[] oldCounts = counts;
        int[] oldOrder = order;
        table = new long[oldTable.length * 2];
        counts = new int[table.length];
        order = new int[table.length / 2];
        for (int i = 0; i < size; i++) {
            int old = oldOrder[i];
            int place = place(oldTable[old]);
            table[place] = oldTable[old];
            counts[place] = oldCounts[old];
            order[i] = place;
        }
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.visit(table[order[i]], counts[order[i]]);
        }
    }

    void clear() {
        if (size > table.length / 8) {
            Arrays.fill(counts, 0);
        } else {
            for (int i = 0; i < size; i++) {
                counts[order[i]] = 0;
            }
        }
        size = 0;
    }

    /** Receives a hash and how often it was added. */
    interface Visitor {
        void visit(long hash, int count);
    }
}
