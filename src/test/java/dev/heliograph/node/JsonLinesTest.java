package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private final ExtLogRecord record = new ExtLogRecord(
            Level.WARNING, "It says \"%s\"\nand\u2028 goes on", ExtLogRecord.FormatStyle.PRINTF, "logger");

    @Test
    void writesRecordAsOneLine() throws JsonProcessingException {
        record.setParameters(new Object[] {"no"});
        record.setLoggerName("dev.heliograph");
        record.setThreadName("main");
        record.setInstant(Instant.parse("2026-02-03T04:05:06.789Z"));

        assertThat(line())
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                {"timestamp":"2026-02-03T04:05:06.789Z","level":"WARNING","loggerName":"dev.heliograph","threadName":"main",
                 "message":"It says \\"no\\"\\nand\\u2028 goes on"}"""));
    }

    @Test
    void keepsStackTraceInTheLine() throws JsonProcessingException {
        record.setThrown(new IllegalStateException("broken"));

        assertThat(line().get("stackTrace").textValue())
                .startsWith("java.lang.IllegalStateException: broken")
                .contains("\tat ");
    }

    private JsonNode line() throws JsonProcessingException {
        String line = new JsonLines().format(record);
        assertThat(line).endsWith("\n").containsOnlyOnce("\n");
        return new ObjectMapper().readTree(line);
    }
}
