package dev.heliograph.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.format.DateTimeFormatter;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/** The lines of the process's log as JSON objects, for programs that collect them. */
final class JsonLines extends ExtFormatter {
    private static final JsonFactory JSON = new JsonFactory();

    /** How the process writes its own log, which is no event log. */
    interface Config {
        /** Whether each line is a JSON object. Otherwise lines are text. */
        @WithDefault("false")
        boolean json();
    }

    @Override
    public String format(ExtLogRecord said) {
        var line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", DateTimeFormatter.ISO_INSTANT.format(said.getInstant()));
            json.writeStringField("level", said.getLevel().getName());
            json.writeStringField("loggerName", said.getLoggerName());
            json.writeStringField("threadName", said.getThreadName());
            json.writeStringField("message", said.getFormattedMessage());
            if (said.getThrown() != null) {
                json.writeStringField("stackTrace", stackTrace(said.getThrown()));
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return line.append('\n').toString();
    }

    private static String stackTrace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
