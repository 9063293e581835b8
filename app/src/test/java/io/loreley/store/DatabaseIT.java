package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Repository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @Test
    void a_transaction_commits_what_it_wrote() {
        UUID id = new UUID(1, 2);
        Map<String, Object> extra = Map.of("remotes", List.of("origin"), "depth", 3, "nested", Map.of("a", 1.5));
        Database database = postgres.database();
        database.transaction(session -> session.insert(new Repository(id, "example.org/a", null, "/a", extra)));

        Repository read = database.transaction(session -> session.get(Repository.class, id));

        assertThat(read.extra()).isEqualTo(extra);
        assertThat(read.createdAt()).isNotNull();
    }
}
