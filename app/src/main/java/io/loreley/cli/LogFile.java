package io.loreley.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log file of one process, {@code <home>/logs/loreley-run-20261124-041500-4711.log}. A process has its own, so that
 * several may share a home. It is turned over at 10 MB with five old ones kept, and files of two weeks ago are removed.
 */
final class LogFile {

    private static final Duration KEPT = Duration.ofDays(14);
    private static final String FILE = "file";
    private static final String SIZE = "10MB";
    private static final int OLD_FILES = 5;
    private static final String LINE =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %thread %logger{0} %msg %kvp%n%ex";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** They tell about themselves on INFO. */
    private static final List<String> CHATTY =
            List.of("org.hibernate", "org.flywaydb", "com.zaxxer.hikari", "com.github.kagkarlsson.scheduler");

    private LogFile() {}

    /** Sends everything that is logged from now on to a new file, and returns it. */
    static Path open(MachineSettings machine, String command, InstantSource clock) {
        Instant now = clock.instant();
        Path folder = machine.logs();
        String name = "loreley-%s-%s-%d"
                .formatted(command, STAMP.format(now), ProcessHandle.current().pid());
        Path file = folder.resolve(name + ".log");
        try {
            Files.createDirectories(folder);
            removeOlderThan(folder, now.minus(KEPT));
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "the log folder %s cannot be written: %s. Set LORELEY_HOME or --home to a folder that can."
                            .formatted(folder, Reason.of(e)),
                    e);
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.getLogger(Logger.ROOT_LOGGER_NAME)
                .addAppender(appender(context, machine.logFormat(), file, folder.resolve(name + ".%i.log")));
        if (machine.logFormat() == LogFormat.JSON) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(standardError(context));
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.valueOf(machine.logLevel()));
        if (machine.logLevel().equals("info")) {
            CHATTY.forEach(logger -> context.getLogger(logger).setLevel(Level.WARN));
        }
        return file;
    }

    /** Where this process logs; absent if it has opened no file. */
    static Optional<String> current() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return Optional.ofNullable(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(FILE))
                .filter(FileAppender.class::isInstance)
                .map(appender -> ((FileAppender<?>) appender).getFile());
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        return switch (format) {
            case TEXT -> {
                PatternLayoutEncoder lines = new PatternLayoutEncoder();
                lines.setContext(context);
                lines.setPattern(LINE);
                lines.start();
                yield lines;
            }
            case JSON -> {
                JsonEncoder objects = new JsonEncoder();
                objects.setContext(context);
                objects.start();
                yield objects;
            }
        };
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, LogFormat.JSON));
        appender.start();
        return appender;
    }

    private static RollingFileAppender<ILoggingEvent> appender(
            LoggerContext context, LogFormat format, Path file, Path oldFiles) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName(FILE);
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context, format));
        FixedWindowRollingPolicy turnOver = new FixedWindowRollingPolicy();
        turnOver.setContext(context);
        turnOver.setParent(appender);
        turnOver.setFileNamePattern(oldFiles.toString());
        turnOver.setMaxIndex(OLD_FILES);
        turnOver.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(FileSize.valueOf(SIZE));
        trigger.start();
        appender.setRollingPolicy(turnOver);
        appender.setTriggeringPolicy(trigger);
        appender.start();
        return appender;
    }

    static void removeOlderThan(Path folder, Instant limit) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().matches("loreley-.*\\.log") && isOlder(file, limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isOlder(Path file, Instant limit) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
        } catch (NoSuchFileException e) {
            return false; // its process turned it over, or another one removed it
        }
    }
}
