package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire format that a test can read back: one line per push. Counts how often it encodes an entry. */
class TestFormat implements WireFormat {
    final AtomicInteger encoded = new AtomicInteger();
    private final String padding;

    TestFormat() {
        this(0);
    }

    /** @param paddingBytes added to each event line, to fill sockets with fewer events */
    TestFormat(int paddingBytes) {
        this.padding = "x".repeat(paddingBytes);
    }

    @Override
    public byte[] event(Entry entry) {
        encoded.incrementAndGet();
        return ("event " + entry.position().cursor() + " " + padding + "\n").getBytes(UTF_8);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        String what = gap.map(it ->
                        "gap " + it.from() + " " + it.to() + " " + it.reason().wireName())
                .orElse("recovered");
        return ("sync " + position.cursor() + " " + what + "\n").getBytes(UTF_8);
    }
}
