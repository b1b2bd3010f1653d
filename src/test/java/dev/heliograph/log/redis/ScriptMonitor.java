package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.fixture.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that scripts run, as {@code MONITOR} tells of them. For one thread. */
final class ScriptMonitor implements AutoCloseable {
    private static final int LIMIT_MILLIS = 10_000;
    private static final Pattern LINE = Pattern.compile("\\+[0-9.]+ \\[\\d+ (\\S+)] (.*)");
    private static final Pattern WORD = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"");

    private final Socket socket;
    private final BufferedReader lines;

    /** @param name the key or channel; empty: the command has none */
    record Ran(String command, String name, List<String> args) {
        boolean isPublish() {
            return command.equals("PUBLISH");
        }
    }

    ScriptMonitor(RedisServer server) throws IOException {
        socket = new Socket(server.host(), server.port());
        socket.setSoTimeout(LIMIT_MILLIS);
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        socket.getOutputStream().write("MONITOR\r\n".getBytes(UTF_8));
        if (!lines.readLine().equals("+OK")) {
            throw new IOException("Redis does not let us monitor it");
        }
    }

    /** What scripts ran since the last call, up to the mark, a command that somebody has sent. */
    List<Ran> upTo(String mark) throws IOException {
        var ran = new ArrayList<Ran>();
        for (String line = lines.readLine(); !line.contains(mark); line = lines.readLine()) {
            Matcher told = LINE.matcher(line);
            if (told.matches() && told.group(1).equals("lua")) {
                List<String> words = WORD.matcher(told.group(2))
                        .results()
                        .map(word -> word.group(1))
                        .toList();
                boolean isNamed = words.size() > 1 && !words.get(0).equalsIgnoreCase("INFO");
                ran.add(new Ran(words.get(0).toUpperCase(), isNamed ? words.get(1) : "", words));
            }
        }
        return ran;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
