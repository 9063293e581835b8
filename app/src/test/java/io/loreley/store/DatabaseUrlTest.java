package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.LoreleyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "postgresql://ann:s3@db.example.org:6432/search | jdbc:postgresql://db.example.org:6432/search | ann | s3",
                "postgres://ann@db/search | jdbc:postgresql://db/search | ann | -",
                "postgresql+psycopg://ann:s3@db/search | jdbc:postgresql://db/search | ann | s3",
                "postgresql+psycopg2://db/search | jdbc:postgresql://db/search | - | -",
                "jdbc:postgresql://db/search?user=ann&password=s3 | jdbc:postgresql://db/search | ann | s3",
                "jdbc:postgresql://db/search?sslmode=require | jdbc:postgresql://db/search?sslmode=require | - | -",
                "postgresql://ann:p%40ss%3Aw%2Frd+@[::1]:5432/x | jdbc:postgresql://[::1]:5432/x | ann | p@ss:w/rd+",
                "postgresql://ann:p@ss@loreley_db/search | jdbc:postgresql://loreley_db/search | ann | p@ss",
                "jdbc:postgresql://db/search?user=ann@corp&password=p@ss | jdbc:postgresql://db/search | ann@corp | p@ss",
                "postgresql://ann@a:5432,b:5433/my%20db | jdbc:postgresql://a:5432,b:5433/my%20db?targetServerType=primary | ann | -",
            })
    void urls_of_every_form_are_read(String text, String jdbc, @Nullable String user, @Nullable String password) {
        assertThat(DatabaseUrl.parse(text)).isEqualTo(new DatabaseUrl(jdbc, user, password));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loreley.db | it is not a URL",
                "mysql://ann:hidden@db/x | its scheme is 'mysql'",
                "sqlite:///x | its scheme is 'sqlite'",
                "postgresql:///x | it names no host",
                "postgresql://ann:hidden@db | it names no database",
                "postgresql://ann:hidden@db/ | it names no database",
                "postgresql://db:port/x | is not a host, or a host and a port",
                "postgresql://db:70000/x | 70000 is not a port",
                "postgresql://ann:hidden%zz@db/x | begins no escape",
                "postgresql://ann:hidden/dEf+gh@db:5432/x | holds a / or ?: write %2F for a /, %3F for a ?",
                "postgresql://ann:123/hidden@db/x | holds a / or ?",
                "postgresql://ann:hidden?dEf@db/x | holds a / or ?",
                "postgresql://ann:123/4?hidden=5@db/x | holds a / or ?",
                "postgresql://ann:p@ss/hidden@db/x | holds a / or ?",
            })
    void a_url_that_cannot_be_used_is_refused_with_the_reason(String text, String reason) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("postgresql://user:password@host:5432/loreley")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void no_secret_is_shown() {
        assertThat(DatabaseUrl.parse("postgresql://ann:hidden@db/x?sslpassword=hidden"))
                .hasToString("postgresql://db/x");
    }
}
