package io.loreley.git;

/** What an entry of a tree is. */
public enum FileMode {
    REGULAR,
    EXECUTABLE,
    SYMLINK,
    SUBMODULE,
    /** There is nothing: one side of an addition or a deletion. */
    ABSENT;

    static final String SUBMODULE_OCTAL = "160000";

    static FileMode of(String octal) {
        return switch (octal) {
            case "100644", "100664" -> REGULAR;
            case "100755" -> EXECUTABLE;
            case "120000" -> SYMLINK;
            case SUBMODULE_OCTAL -> SUBMODULE;
            case "000000" -> ABSENT;
            default -> throw new IllegalArgumentException("git has no file mode " + octal);
        };
    }

    /** As git writes it. */
    String octal() {
        return switch (this) {
            case REGULAR -> "100644";
            case EXECUTABLE -> "100755";
            case SYMLINK -> "120000";
            case SUBMODULE -> SUBMODULE_OCTAL;
            case ABSENT -> "000000";
        };
    }

    public boolean isFile() {
        return this == REGULAR || this == EXECUTABLE;
    }
}
