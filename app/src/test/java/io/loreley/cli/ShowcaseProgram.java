package io.loreley.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The program that the showcase's agents change: a few places, each with the ways in which it can be written. */
final class ShowcaseProgram {

    private static final List<Place> PLACES = List.of(
            place(
                    "src/Reader.java",
                    "    private static final int BUFFER =",
                    way("Read a kilobyte at once", " 1024;\n"),
                    way("Read 4 kB at once", " 4096;\n"),
                    way("Read 16 kB at once, a page cache's worth", " 16384;\n"),
                    way("Read 64 kB at once", " 65536;\n")),
            place(
                    "src/Reader.java",
                    "\n    private void skipBlanks() {\n",
                    way("Skip blanks one by one", """
                                    while (Character.isWhitespace(peek())) {
                                        next();
                                    }
                                }
                            """),
                    way("Compare blanks with a space", """
                                    while (peek() <= ' ') {
                                        at++;
                                    }
                                }
                            """),
                    way("Look blanks up in a table", """
                                    int i = at;
                                    while (BLANK[bytes[i] & 0xff]) {
                                        i++;
                                    }
                                    at = i;
                                }
                            """),
                    way("Return early where no blank is", """
                                    if (bytes[at] > ' ') {
                                        return; // as nearly always
                                    }
                                    at = Blanks.after(bytes, at);
                                }
                            """)),
            place(
                    "src/Reader.java",
                    "\n    private String string() {\n",
                    way("Build strings character by character", """
                                    StringBuilder text = new StringBuilder();
                                    while (peek() != '"') {
                                        text.append(character());
                                    }
                                    return text.toString();
                                }
                            """),
                    way("Slice strings that hold no escape", """
                                    int end = indexOf('"', at);
                                    return noEscape(at, end) ? slice(at, end) : unescaped(end);
                                }
                            """),
                    way("Find quotes eight bytes at a time", """
                                    int end = Swar.indexOfQuote(bytes, at);
                                    return noEscape(at, end) ? interned(at, end) : unescaped(end);
                                }
                            """)),
            place(
                    "src/Numbers.java",
                    "    static double read(byte[] bytes, int from, int to) {\n",
                    way("Read numbers with the library", """
                                    return Double.parseDouble(new String(bytes, from, to - from));
                                }
                            """),
                    way("Read whole numbers without a string", """
                                    long digits = digits(bytes, from, to);
                                    return digits >= 0 ? digits : slow(bytes, from, to);
                                }
                            """),
                    way("Read short decimals with a power of ten", """
                                    long digits = digits(bytes, from, to);
                                    int scale = scale(bytes, from, to);
                                    return scale < 23 ? digits / POWERS[scale] : slow(bytes, from, to);
                                }
                            """)),
            place(
                    "src/Names.java",
                    "    private static final int SLOTS =",
                    way("Keep 64 names", " 64;\n"),
                    way("Keep 256 names", " 256;\n"),
                    way("Keep 1,024 names", " 1024;\n"),
                    way("Keep 4,096 names", " 4096;\n")),
            place(
                    "src/Names.java",
                    "\n    private static int hash(byte[] bytes, int from, int to) {\n",
                    way("Hash a copy of the name", """
                                    return Arrays.hashCode(Arrays.copyOfRange(bytes, from, to));
                                }
                            """),
                    way("Hash names in place", """
                                    int hash = to - from;
                                    for (int i = from; i < to; i++) {
                                        hash = 31 * hash + bytes[i];
                                    }
                                    return hash;
                                }
                            """),
                    way("Hash the first eight bytes of a name", """
                                    return (int) (first(bytes, from) * 0x9E3779B97F4A7C15L >>> 40) ^ (to - from);
                                }
                            """)));

    private final List<Integer> ways;
    private final String subject;

    private ShowcaseProgram(List<Integer> ways, String subject) {
        this.ways = ways;
        this.subject = subject;
    }

    private record Place(String file, String head, List<Way> ways) {}

    private record Way(String subject, String text) {}

    private static Place place(String file, String head, Way... ways) {
        return new Place(file, head, List.of(ways));
    }

    private static Way way(String subject, String text) {
        return new Way(subject, text);
    }

    /** As it was given to the agents. */
    static ShowcaseProgram start() {
        return new ShowcaseProgram(PLACES.stream().map(place -> 0).toList(), "The reader as it is");
    }

    /** What changed last, as a commit says it. */
    String subject() {
        return subject;
    }

    /** One or two places written in another way. */
    ShowcaseProgram changed(SplittableRandom random) {
        List<Integer> next = new ArrayList<>(ways);
        int place = 0;
        for (int i = 0, places = 1 + random.nextInt(2); i < places; i++) {
            place = random.nextInt(PLACES.size());
            int count = PLACES.get(place).ways().size();
            next.set(place, (next.get(place) + 1 + random.nextInt(count - 1)) % count);
        }
        return new ShowcaseProgram(
                next, PLACES.get(place).ways().get(next.get(place)).subject());
    }

    /** The text of each file. */
    Map<String, String> files() {
        Map<String, StringBuilder> bodies = new LinkedHashMap<>();
        for (int i = 0; i < ways.size(); i++) {
            Place place = PLACES.get(i);
            bodies.computeIfAbsent(place.file(), file -> new StringBuilder())
                    .append(place.head())
                    .append(place.ways().get(ways.get(i)).text());
        }
        Map<String, String> files = new LinkedHashMap<>();
        bodies.forEach((file, body) -> files.put(
                file,
                "package json;\n\n/** Made to be measured. */\nfinal class %s {\n\n%s}\n"
                        .formatted(file.replaceAll(".*/|\\.java", ""), body)));
        return files;
    }
}
