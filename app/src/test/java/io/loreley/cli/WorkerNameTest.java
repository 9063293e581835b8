package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkerNameTest {

    private static final WorkerName SELF = WorkerName.ofThisProcess();

    @Test
    void pods_whose_names_begin_alike_are_told_apart() {
        WorkerName one = WorkerName.of("loreley-worker-5d8f7c9b6d-x2k9p", "boot pid:[1]", 7, 1_800_000_000);
        WorkerName two = WorkerName.of("loreley-worker-5d8f7c9b6d-q8w4z", "boot pid:[1]", 7, 1_800_000_000);

        assertThat(one.toString()).startsWith("loreley-worker-5d8f7").isNotEqualTo(two.toString());
        assertThat(two.knowsDead(one.toString())).isFalse();
    }

    @Test
    void a_name_fits_the_queue() {
        assertThat(WorkerName.of("h".repeat(253), "boot", 4_194_304, 9_999_999_999L)
                        .toString())
                .hasSizeLessThanOrEqualTo(50);
    }

    @Test
    void a_process_of_this_machine_is_known_dead_once_it_has_ended() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        String name = sibling(
                process.pid(), process.info().startInstant().orElseThrow().getEpochSecond());

        assertThat(SELF.knowsDead(name)).isFalse();
        process.destroyForcibly().waitFor();
        assertThat(SELF.knowsDead(name)).isTrue();
    }

    @Test
    void a_process_that_has_the_id_of_an_older_one_is_not_taken_for_it() {
        assertThat(SELF.knowsDead(sibling(SELF.pid(), SELF.startedAt() - 60))).isTrue();
        assertThat(SELF.knowsDead(SELF.toString())).isFalse();
    }

    @Test
    void nobody_of_another_boot_or_namespace_is_known_dead() {
        String elsewhere = WorkerName.of(SELF.host(), "another boot", SELF.pid(), SELF.startedAt() - 60)
                .toString();

        assertThat(SELF.knowsDead(elsewhere)).isFalse();
        assertThat(SELF.knowsDead("somebody")).isFalse();
    }

    private static String sibling(long pid, long startedAt) {
        return new WorkerName(SELF.host(), SELF.origin(), pid, startedAt).toString();
    }
}
