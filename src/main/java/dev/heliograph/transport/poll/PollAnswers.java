package dev.heliograph.transport.poll;

import dev.heliograph.session.Selection;
import io.netty.channel.EventLoop;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The answers of one turn of an event loop: polls that waited on the same position are answered in the same turn, and share
 * one encoded body.
 */
@Singleton
final class PollAnswers {
    private final Map<EventLoop, Map<Answered, byte[]>> turns = new ConcurrentHashMap<>();

    /** @param bytes how much was gathered: with {@code conflate}, not all that goes the same way gets the same events */
    record Answered(Selection selection, String from, String to, int bytes) {}

    /** On the loop. The body is not to be changed. */
    byte[] share(EventLoop loop, Answered answered, Supplier<byte[]> body) {
        Map<Answered, byte[]> turn = turns.computeIfAbsent(loop, unused -> new HashMap<>());
        if (turn.isEmpty()) {
            loop.execute(turn::clear);
        }
        return turn.computeIfAbsent(answered, unused -> body.get());
    }
}
