package io.loreley.mapelites;

import java.util.Arrays;

/**
 * A map from the index of a cell to the slot of its elite, from which nothing is ever taken out.
 *
 * <p>Open addressing with linear probing; key and slot lie side by side, so that a look-up costs one cache miss.
 */
final class CellTable {

    static final int ABSENT = -1;

    private static final int INITIAL_CAPACITY = 16;
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    /** Key at 2i, slot at 2i + 1; a key of {@link #ABSENT} marks a free entry. */
    private long[] entries = free(INITIAL_CAPACITY);

    private int size;

    int slot(long cell) {
        return (int) entries[find(cell) + 1];
    }

    void put(long cell, int slot) {
        int entry = find(cell);
        if (entries[entry] == ABSENT) {
            size++;
        }
        entries[entry] = cell;
        entries[entry + 1] = slot;
        if (3 * size > entries.length) {
            grow();
        }
    }

    void clear() {
        entries = free(INITIAL_CAPACITY);
        size = 0;
    }

    /** Where the key of this cell is, or the free entry where it belongs. */
    private int find(long cell) {
        int mask = entries.length - 2;
        // The high bits of the product are the well mixed ones (Fibonacci hashing).
        int entry = (int) ((cell * GOLDEN_RATIO) >>> 32) & mask;
        while (entries[entry] != cell && entries[entry] != ABSENT) {
            entry = (entry + 2) & mask;
        }
        return entry;
    }

    private void grow() {
        long[] old = entries;
        entries = free(old.length);
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != ABSENT) {
                int entry = find(old[i]);
                entries[entry] = old[i];
                entries[entry + 1] = old[i + 1];
            }
        }
    }

    private static long[] free(int capacity) {
        long[] entries = new long[2 * capacity];
        Arrays.fill(entries, ABSENT);
        return entries;
    }
}
