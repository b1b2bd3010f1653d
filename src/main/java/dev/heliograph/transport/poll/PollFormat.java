package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/** The JSON objects that a poll gathers before it answers. */
enum PollFormat implements WireFormat {
    INSTANCE;

    @Override
    public byte[] event(Entry entry) {
        return entry.json();
    }

    /** Empty if there is no gap. */
    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return gap.map(it -> "{\"channel\":\"" + channel + "\"," + it.json().substring(1))
                .orElse("")
                .getBytes(US_ASCII);
    }
}
