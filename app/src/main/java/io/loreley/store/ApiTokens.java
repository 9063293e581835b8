package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.uuid;

import io.loreley.domain.Digests;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tokens that open the API from beyond this machine. Only their SHA-256 is kept; they are random enough for that. */
public final class ApiTokens {

    private final Database database;
    private final InstantSource clock;

    public ApiTokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What a token opens. */
    public enum Role {
        /** See everything. */
        READ,
        /** And steer: pause, cancel, pin. */
        OPERATE;

        /** Whether this role includes another. */
        public boolean includes(Role other) {
            return compareTo(other) >= 0;
        }
    }

    /** A token without its secret. */
    public record Line(
            UUID id,
            String name,
            Role role,
            @Nullable Instant createdAt,
            @Nullable Instant revokedAt) {}

    /**
     * Keeps a new token.
     *
     * @throws LoreleyException of kind CONFIGURATION if a token of this name is in use
     */
    public void add(String name, Role role, String secret) {
        write(
                "INSERT INTO api_tokens (id, name, role, hash, created_at) VALUES (?, ?, ?, ?, ?)",
                name,
                UUID.randomUUID(),
                name,
                role.name(),
                sha256(secret),
                clock.instant().atOffset(ZoneOffset.UTC));
    }

    /**
     * Ends a token.
     *
     * @return whether one of this name was in use
     */
    public boolean revoke(String name) {
        return write(
                        "UPDATE api_tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL",
                        name,
                        clock.instant().atOffset(ZoneOffset.UTC),
                        name)
                == 1;
    }

    /** Newest first, also those that were revoked. */
    public List<Line> all() {
        return new Question(database, "the tokens")
                .add("SELECT id, name, role, created_at, revoked_at FROM api_tokens ORDER BY created_at DESC, id")
                .list(rows -> new Line(
                        uuid(rows, "id"),
                        rows.getString("name"),
                        Role.valueOf(rows.getString("role")),
                        instant(rows, "created_at"),
                        instant(rows, "revoked_at")));
    }

    /** Whose a token is and what it opens. */
    public record Owner(String name, Role role) {}

    /** Whose a token is, if it is in use. */
    public Optional<Owner> owner(String secret) {
        return new Question(database, "a token")
                .add("SELECT name, role FROM api_tokens WHERE hash = ? AND revoked_at IS NULL", (Object) sha256(secret))
                .first(rows -> new Owner(rows.getString(1), Role.valueOf(rows.getString(2))));
    }

    private int write(String sql, String name, Object... values) {
        try (Connection connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            if ("23505".equals(e.getSQLState())) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "a token '%s' is in use. Revoke it first, or choose another name.".formatted(name),
                        e);
            }
            throw SqlErrors.translate(database.url(), e);
        }
    }

    private static byte[] sha256(String secret) {
        return Digests.sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
    }
}
