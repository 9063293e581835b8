/** Sorts cells into ascending order. Only what the cells can do is counted. */
final class Sort {

    private Sort() {}

    static void sort(Cells cells) {
        int size = cells.size();
        int gap = size;
        while (gap > 1) {
            gap = gap * 10 / 11;
            for (int i = 0; i + gap < size; i++) {
                if (cells.less(i + gap, i)) {
                    cells.swap(i + gap, i);
                }
            }
        }
        boolean sorted = false;
        while (!sorted) {
            sorted = true;
            for (int i = 0; i + 1 < size; i++) {
                if (cells.less(i + 1, i)) {
                    cells.swap(i + 1, i);
                    sorted = false;
                }
            }
        }
        for (int i = 1; i < size; i++) {
            int j = i;
            while (j > 0 && cells.less(j, j - 1)) {
                cells.swap(j, j - 1);
                j = j - 1;
            }
        }
    }
}
