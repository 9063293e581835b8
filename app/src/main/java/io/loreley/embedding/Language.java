package io.loreley.embedding;

import static io.loreley.embedding.Quote.line;
import static io.loreley.embedding.Quote.lines;
import static io.loreley.embedding.Quote.raw;
import static io.loreley.embedding.Syntax.Trait.BLOCKS_AT_MARGIN;
import static io.loreley.embedding.Syntax.Trait.CHARACTERS;
import static io.loreley.embedding.Syntax.Trait.CPP_RAW_STRINGS;
import static io.loreley.embedding.Syntax.Trait.HASH_BRACKETS;
import static io.loreley.embedding.Syntax.Trait.HERE_DOCUMENTS;
import static io.loreley.embedding.Syntax.Trait.REGULAR_EXPRESSIONS;
import static io.loreley.embedding.Syntax.Trait.RUST_RAW_STRINGS;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Languages by how comments and strings are written; several languages that write them alike are one. The name is part of
 * what cached vectors are stored under.
 */
enum Language {
    /** Anything else: nothing in it is a comment. */
    PLAIN(Syntax.of()),
    JAVA(
            Syntax.of("//")
                    .block("/*", "*/")
                    .quote(lines("\"\"\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "java groovy gradle scala sc swift dart"),
    KOTLIN(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(raw("\"\"\"", "\"\"\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "kt kts"),
    C(
            Syntax.of("//").block("/*", "*/").quote(line("\"")).with(CHARACTERS).with(CPP_RAW_STRINGS),
            "c h cc cpp cxx c++ hh hpp hxx ipp inl m mm cu cuh cl glsl hlsl metal ino proto thrift v sv"),
    C_SHARP(
            Syntax.of("//")
                    .block("/*", "*/")
                    .quote(raw("\"\"\"", "\"\"\""))
                    .quote(raw("@\"", "\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "cs csx fs fsx"),
    GO(Syntax.of("//").block("/*", "*/").quote(raw("`", "`")).quote(line("\"")).with(CHARACTERS), "go"),
    RUST(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(lines("\""))
                    .with(CHARACTERS)
                    .with(RUST_RAW_STRINGS),
            "rs ron zig"),
    JAVASCRIPT(
            Syntax.of("//")
                    .block("/*", "*/")
                    .quote(lines("`"))
                    .quote(line("\""))
                    .quote(line("'"))
                    .with(REGULAR_EXPRESSIONS),
            "js jsx mjs cjs ts tsx mts cts json5 jsonc"),
    CSS(Syntax.of().block("/*", "*/").quote(line("\"")).quote(line("'")), "css"),
    SCSS(Syntax.of("//").apart().block("/*", "*/").quote(line("\"")).quote(line("'")), "scss sass less styl"),
    PHP(
            Syntax.of("//", "#")
                    .apart()
                    .block("/*", "*/")
                    .quote(line("\""))
                    .quote(line("'"))
                    .with(HASH_BRACKETS)
                    .with(HERE_DOCUMENTS),
            "php phtml"),
    PYTHON(
            Syntax.of("#")
                    .quote(lines("\"\"\""))
                    .quote(lines("'''"))
                    .quote(line("\""))
                    .quote(line("'")),
            "py pyi pyx pyw bzl star gd nim cmake"),
    RUBY(
            Syntax.of("#")
                    .apart()
                    .block("=begin", "=end")
                    .quote(line("\""))
                    .quote(line("'"))
                    .with(BLOCKS_AT_MARGIN)
                    .with(HERE_DOCUMENTS),
            "rb rake gemspec cr"),
    SHELL(
            Syntax.of("#").apart().quote(lines("\"")).quote(raw("'", "'")).with(HERE_DOCUMENTS),
            "sh bash zsh ksh fish bats"),
    PERL(
            Syntax.of("#")
                    .apart()
                    .block("=pod", "=cut")
                    .quote(line("\""))
                    .quote(line("'"))
                    .with(BLOCKS_AT_MARGIN)
                    .with(HERE_DOCUMENTS),
            "pl pm t"),
    POWERSHELL(Syntax.of("#").apart().block("<#", "#>").quote(line("\"")).quote(line("'")), "ps1 psm1 psd1"),
    ELIXIR(Syntax.of("#").apart().quote(lines("\"\"\"")).quote(line("\"")).quote(line("'")), "ex exs"),
    R(Syntax.of("#").quote(lines("\"")).quote(lines("'")), "r rmd"),
    JULIA(
            Syntax.of("#")
                    .block("#=", "=#")
                    .nesting()
                    .quote(lines("\"\"\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "jl"),
    /** Files of settings, and build files. */
    HASH(
            Syntax.of("#").apart().quote(line("\"")).quote(line("'")),
            "yaml yml toml conf properties tf hcl mk mak dockerfile awk tcl"),
    INI(Syntax.of("#", ";").apart(), "ini cfg editorconfig"),
    SQL(Syntax.of("--").block("/*", "*/").quote(raw("'", "'")).quote(raw("\"", "\"")), "sql psql ddl pks pkb"),
    LUA(
            Syntax.of("--")
                    .block("--[[", "]]")
                    .quote(raw("[[", "]]"))
                    .quote(line("\""))
                    .quote(line("'")),
            "lua"),
    HASKELL(Syntax.of("--").block("{-", "-}").nesting().quote(line("\"")).with(CHARACTERS), "hs lhs elm purs agda idr"),
    ADA(Syntax.of("--").quote(line("\"")).with(CHARACTERS), "adb ads ada vhd vhdl"),
    OCAML(Syntax.of().block("(*", "*)").nesting().quote(lines("\"")).with(CHARACTERS), "ml mli sml"),
    PASCAL(Syntax.of("//").block("(*", "*)").block("{", "}").quote(line("'")), "pas dpr lpr"),
    LISP(Syntax.of(";").block("#|", "|#").nesting().quote(lines("\"")), "lisp lsp el clj cljs cljc edn scm ss rkt"),
    ERLANG(Syntax.of("%").quote(lines("\"")).quote(line("'")), "erl hrl"),
    PERCENT(Syntax.of("%").quote(line("\"")), "tex sty cls bib"),
    FORTRAN(Syntax.of("!").quote(line("\"")).quote(line("'")), "f90 f95 f03 f08"),
    MARKUP(Syntax.of().block("<!--", "-->"), "html htm xhtml xml xsd xsl xslt svg md markdown vue svelte pom csproj");

    private static final Map<String, Language> BY_EXTENSION = new HashMap<>();
    private static final Map<String, Language> BY_NAME = Map.of(
            "Makefile", HASH,
            "GNUmakefile", HASH,
            "Dockerfile", HASH,
            "Containerfile", HASH,
            "CMakeLists.txt", PYTHON,
            "Rakefile", RUBY,
            "Gemfile", RUBY,
            "Jenkinsfile", JAVA,
            "BUILD", PYTHON);

    static {
        for (Language language : values()) {
            for (String extension : language.extensions) {
                BY_EXTENSION.put(extension, language);
            }
        }
    }

    /** Immutable: records of copied collections. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Syntax syntax;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> extensions;

    Language(Syntax syntax) {
        this.syntax = syntax;
        this.extensions = List.of();
    }

    Language(Syntax syntax, String extensions) {
        this.syntax = syntax;
        this.extensions = List.of(extensions.split(" "));
    }

    /** By the name of the file, else by its ending. */
    static Language of(String path) {
        Language named = BY_NAME.get(path.substring(path.lastIndexOf('/') + 1));
        return named != null ? named : BY_EXTENSION.getOrDefault(FileSelection.extensionOf(path), PLAIN);
    }

    String withoutComments(String text) {
        return this == PLAIN ? text : new Comments(syntax, text).removed();
    }
}
