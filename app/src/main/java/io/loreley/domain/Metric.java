package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One measured number of a commit; a name occurs once a commit. */
@Entity
@Table(name = "metrics")
public class Metric extends Timestamped {

    @Id
    private UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "commit_card_id", nullable = false)
    private CommitCard card;

    @Column(nullable = false, length = Limits.METRIC_NAME)
    private String name;

    @Column(nullable = false)
    private double value;

    @Column(length = Limits.METRIC_UNIT)
    private @Nullable String unit;

    @Column(name = "higher_is_better", nullable = false)
    private boolean higherIsBetter;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> details;

    /** How many measurements the value stands for. */
    @Column(nullable = false)
    private int samples;

    /** The standard deviation of one of them. */
    @Column(nullable = false)
    private double deviation;

    @Column(name = "is_private", nullable = false)
    private boolean isPrivate;

    @SuppressWarnings("NullAway.Init")
    protected Metric() {}

    public Metric(UUID id, CommitCard card, Measurement measurement) {
        this.id = id;
        this.card = card;
        this.name = measurement.name();
        this.value = measurement.value();
        this.unit = measurement.unit();
        this.higherIsBetter = measurement.direction().higherIsBetter();
        this.details = measurement.details();
        this.samples = measurement.spread().samples();
        this.deviation = measurement.spread().deviation();
        this.isPrivate = measurement.isPrivate();
    }

    public UUID id() {
        return id;
    }

    public CommitCard card() {
        return card;
    }

    public Measurement measurement() {
        return new Measurement(
                name, value, unit, Direction.of(higherIsBetter), details, new Spread(samples, deviation), isPrivate);
    }
}
