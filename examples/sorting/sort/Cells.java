/** A row of values that can be compared and exchanged, and not read. The evaluator brings the real one. */
interface Cells {

    /** How many there are, numbered from 0. */
    int size();

    /** Whether the value at i is smaller than the one at j. Counted. */
    boolean less(int i, int j);

    /** Exchanges two values. Counted. */
    void swap(int i, int j);
}
