package io.loreley.examples.packing;

import java.math.BigDecimal;

/// A circle as the packing's file states it: centre and radius in exact decimals.
record Circle(BigDecimal x, BigDecimal y, BigDecimal r) {

    Disk toDisk() {
        return new Disk(x.doubleValue(), y.doubleValue(), r.doubleValue());
    }
}
