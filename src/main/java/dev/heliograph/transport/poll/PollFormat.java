package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/**
 * What a poll gathers before it answers: a line for each event and each gap, a letter and the JSON object. No JSON of ours
 * has line breaks.
 */
enum PollFormat implements WireFormat {
    INSTANCE;

    static final byte EVENT = 'e';
    static final byte GAP = 'g';
    static final byte END = '\n';

    @Override
    public byte[] event(Entry entry) {
        byte[] json = entry.json();
        byte[] line = new byte[json.length + 2];
        line[0] = EVENT;
        System.arraycopy(json, 0, line, 1, json.length);
        line[line.length - 1] = END;
        return line;
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return gap.map(it -> (char) GAP + "{\"channel\":\"" + channel + "\","
                        + it.json().substring(1) + (char) END)
                .orElse("")
                .getBytes(US_ASCII);
    }
}
