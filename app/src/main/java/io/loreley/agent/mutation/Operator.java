package io.loreley.agent.mutation;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One way to edit a text at random. The same generator state gives the same edit. */
public enum Operator {
    /** Multiplies numeric literals by factors near one. */
    PERTURB("perturbed") {
        @Override
        Optional<Edit> attempt(Text text, RandomGenerator random) {
            return Numbers.perturb(text, random);
        }
    },
    /** Removes a block. */
    DELETE("deleted") {
        @Override
        Optional<Edit> attempt(Text text, RandomGenerator random) {
            return any(Block.all(text), random)
                    .filter(block -> block.length() < text.lines().size())
                    .map(block -> new Edit(text.replace(block.from(), block.to(), List.of()), size(block)));
        }
    },
    /** Writes a block twice, one after the other. */
    DUPLICATE("duplicated") {
        @Override
        Optional<Edit> attempt(Text text, RandomGenerator random) {
            return any(Block.all(text), random)
                    .map(block -> new Edit(text.replace(block.to(), block.to(), block.lines(text)), size(block)));
        }
    },
    /** Puts a block before or after one of its siblings. */
    MOVE("moved") {
        @Override
        Optional<Edit> attempt(Text text, RandomGenerator random) {
            return pair(text, random).map(pair -> {
                Block block = pair.block();
                Block target = pair.sibling();
                int place = random.nextBoolean() ? target.from() : target.to();
                List<String> lines = block.lines(text);
                Text moved = place <= block.from()
                        ? text.replace(block.from(), block.to(), List.of()).replace(place, place, lines)
                        : text.replace(place, place, lines).replace(block.from(), block.to(), List.of());
                return new Edit(moved, size(block));
            });
        }
    },
    /** Exchanges two siblings. */
    SWAP("swapped") {
        @Override
        Optional<Edit> attempt(Text text, RandomGenerator random) {
            return pair(text, random).map(pair -> {
                boolean inOrder = pair.block().from() < pair.sibling().from();
                Block first = inOrder ? pair.block() : pair.sibling();
                Block second = inOrder ? pair.sibling() : pair.block();
                Text swapped = text.replace(second.from(), second.to(), first.lines(text))
                        .replace(first.from(), first.to(), second.lines(text));
                return new Edit(swapped, size(first) + " and " + size(second));
            });
        }
    };

    private final String verb;

    Operator(String verb) {
        this.verb = verb;
    }

    /** What it has done, as reports say it. */
    public String verb() {
        return verb;
    }

    /** An edit that changes the text; empty if this draw found none. */
    public Optional<Edit> apply(Text text, RandomGenerator random) {
        return attempt(text, random).filter(edit -> !edit.text().content().equals(text.content()));
    }

    abstract Optional<Edit> attempt(Text text, RandomGenerator random);

    private static Optional<Block> any(List<Block> blocks, RandomGenerator random) {
        return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.get(random.nextInt(blocks.size())));
    }

    private static Optional<Pair> pair(Text text, RandomGenerator random) {
        List<Block> all = Block.all(text);
        return any(all, random)
                .flatMap(block -> any(block.siblings(text, all), random).map(sibling -> new Pair(block, sibling)));
    }

    private static String size(Block block) {
        return block.length() == 1 ? "a line" : "a block of " + block.length() + " lines";
    }

    /**
     * A text after an edit.
     *
     * @param what the object of the verb: "a line", "3 numbers"
     */
    public record Edit(Text text, String what) {}

    private record Pair(Block block, Block sibling) {}
}
