package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import jakarta.inject.Singleton;
import java.util.Optional;

/** What the hub pushes, as text frames. The payload is spliced in, never parsed. */
@Singleton
final class WsFormat implements WireFormat {
    private static final byte[] EVENT = "{\"event\":".getBytes(US_ASCII);
    private static final byte[] TWO_CLOSING_BRACES = {'}', '}'};
    private static final byte[] ONE_CLOSING_BRACE = {'}'};

    @Override
    public byte[] event(Entry entry) {
        return WsFrames.text(EVENT, entry.json(), ONE_CLOSING_BRACE);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        String head = "{\"sync\":{\"channel\":\"" + channel + "\","
                + gap.map(it -> "\"gap\":" + it.json()).orElse("\"recovered\":true")
                + ",\"cursor\":\"" + position.cursor() + '"';
        return WsFrames.text(head.getBytes(US_ASCII), TWO_CLOSING_BRACES);
    }
}
