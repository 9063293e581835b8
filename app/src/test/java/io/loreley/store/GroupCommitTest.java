package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GroupCommitTest {

    private final List<List<Integer>> transactions = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final CountDownLatch firstWrites = new CountDownLatch(1);
    private final GroupCommit<Integer, String> group = new GroupCommit<>(this::write);

    /** The first transaction takes until it may end, so that others come meanwhile; odd numbers are refused. */
    private List<String> write(List<Integer> numbers) {
        transactions.add(List.copyOf(numbers));
        if (numbers.contains(0)) {
            firstWrites.countDown();
            await(firstMayEnd);
        }
        if (numbers.stream().anyMatch(number -> number % 2 == 1)) {
            throw new IllegalStateException("odd among " + numbers);
        }
        return numbers.stream().map(number -> "wrote " + number).toList();
    }

    @Test
    void whoever_comes_alone_is_written_alone_and_hears_what_is_wrong() {
        firstMayEnd.countDown();

        assertThat(group.write(2)).isEqualTo("wrote 2");
        assertThatThrownBy(() -> group.write(3)).hasMessage("odd among [3]");
        assertThat(group.write(4)).isEqualTo("wrote 4");

        assertThat(transactions).containsExactly(List.of(2), List.of(3), List.of(4));
    }

    @Test
    void who_come_while_one_is_written_are_written_together_each_with_its_own_answer() throws Exception {
        List<FutureTask<String>> answers = writeDuringTheFirst(2, 4, 6, 8);

        assertThat(answers)
                .extracting(FutureTask::get)
                .containsExactly("wrote 0", "wrote 2", "wrote 4", "wrote 6", "wrote 8");
        assertThat(transactions).hasSize(2);
        assertThat(transactions.getLast()).containsExactlyInAnyOrder(2, 4, 6, 8);
    }

    @Test
    void what_is_refused_of_one_fails_no_other() throws Exception {
        List<FutureTask<String>> answers = writeDuringTheFirst(2, 3, 4);

        assertThat(answers.get(1).get()).isEqualTo("wrote 2");
        assertThatThrownBy(() -> answers.get(2).get()).hasRootCauseMessage("odd among [3]");
        assertThat(answers.get(3).get()).isEqualTo("wrote 4");
    }

    private List<FutureTask<String>> writeDuringTheFirst(int... others) throws InterruptedException {
        List<FutureTask<String>> answers = new ArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        answers.add(new FutureTask<>(() -> group.write(0)));
        Thread.startVirtualThread(answers.getFirst());
        firstWrites.await();
        for (int other : others) {
            answers.add(new FutureTask<>(() -> group.write(other)));
            waiting.add(Thread.startVirtualThread(answers.getLast()));
        }
        while (!waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            LockSupport.parkNanos(1_000_000);
        }
        firstMayEnd.countDown();
        return answers;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
