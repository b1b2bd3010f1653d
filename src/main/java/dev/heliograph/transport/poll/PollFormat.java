package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.wire.WireJson;
import java.util.Optional;

/** The JSON objects that a poll gathers before it answers. */
enum PollFormat implements WireFormat {
    INSTANCE;

    @Override
    public byte[] event(Entry entry) {
        return WireJson.entry(entry);
    }

    /** Empty if there is no gap. */
    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return gap.map(it -> WireJson.gap(channel, it)).orElse("").getBytes(US_ASCII);
    }
}
