package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Writes what changed in islands. Runs in the transaction of the connection that it is given. */
final class IslandWriter {

    private final Connection connection;
    private final int historyLimit;
    private final Instant now;

    IslandWriter(Connection connection, int historyLimit, Instant now) {
        this.connection = connection;
        this.historyLimit = historyLimit;
        this.now = now;
    }

    void write(IslandUpdate update) throws SQLException {
        IslandRows rows = new IslandRows(connection, update.island());
        rows.remember(update.change().observation(), IslandState.epochSeconds(now));
        switch (update.change()) {
            case IslandChange.Unplaced _ -> {}
            case IslandChange.Placed placed -> place(rows, update.island(), placed);
            case IslandChange.Rebuilt rebuilt -> {
                new IslandState(connection, update.island()).write(rebuilt, historyLimit, now);
                rows.clearCells();
                rows.place(rebuilt.elites(), rebuilt.layout().version());
            }
        }
        if (update.change().forgets()) {
            rows.forget(historyLimit);
        }
    }

    private static void place(IslandRows rows, IslandKey key, IslandChange.Placed placed) throws SQLException {
        if (rows.place(List.of(placed.elite()), placed.layoutVersion()) != 1) {
            throw new LoreleyException(
                    FailureKind.INTERNAL,
                    "cell %d of island %s holds a better elite, or one of another layout, than the archive in memory knew; the island is read again"
                            .formatted(placed.elite().cell(), key.island()));
        }
    }
}
