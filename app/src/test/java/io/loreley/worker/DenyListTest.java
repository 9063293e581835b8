package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenyListTest {

    @ParameterizedTest
    @CsvSource({
        "'**/*.lock', Cargo.lock, true",
        "'**/*.lock', a/b/Cargo.lock, true",
        "'**/*.lock', Cargo.toml, false",
        "*.pem, a/key.pem, true",
        "/dist/, dist/a/b, true",
        "/dist/, a/dist/b, false",
        "dist/, a/dist/b, true",
        "dist/, dist, false",
        "a/*.txt, a/b.txt, true",
        "a/*.txt, a/b/c.txt, false"
    })
    void patterns_are_gits(String pattern, String path, boolean isDenied) {
        assertThat(new DenyList(List.of(pattern)).denying(path, folder -> false).isPresent())
                .isEqualTo(isDenied);
    }
}
