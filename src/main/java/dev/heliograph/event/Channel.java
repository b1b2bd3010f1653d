package dev.heliograph.event;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A name to which events are published: {@code <namespace>} or {@code <namespace>-<id>}. The namespace is the part before
 * the first hyphen.
 *
 * @param name 1 to 164 characters of {@code A-Z a-z 0-9 _ - = @ , . ;}
 */
public record Channel(String name) {
    /** The longest channel name, in characters. */
    private static final int MAX_NAME_LENGTH = 164;

    private static final Pattern LEGAL =
            Pattern.compile("[A-Za-z0-9_=@,.;][A-Za-z0-9_\\-=@,.;]{0," + (MAX_NAME_LENGTH - 1) + "}");
    private static final String FIREHOSE_SUFFIX = ".*";

    public Channel {
        Objects.requireNonNull(name, "name");
        if (!LEGAL.matcher(name).matches()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CHANNEL,
                    "channel",
                    name,
                    "<namespace> or <namespace>-<id> in at most " + MAX_NAME_LENGTH
                            + " characters of A-Z a-z 0-9 _ - = @ , . ;");
        }
    }

    /**
     * Reads a channel name from a client, or {@code <namespace>.*} for the firehose.
     *
     * @throws ProblemException {@code invalid-channel} if it is null or malformed
     */
    static Channel parse(String written) {
        if (written == null) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CHANNEL, "channel", null, "a channel name such as orders-123");
        }
        boolean isFirehose = written.endsWith(FIREHOSE_SUFFIX) && written.indexOf('-') < 0;
        return new Channel(isFirehose ? written.substring(0, written.length() - FIREHOSE_SUFFIX.length()) : written);
    }

    /** The name of the namespace that this channel belongs to. */
    public String namespace() {
        int hyphen = name.indexOf('-');
        return hyphen < 0 ? name : name.substring(0, hyphen);
    }

    /** Whether this is the channel that carries every event of its namespace. */
    public boolean isFirehose() {
        return name.indexOf('-') < 0;
    }

    /** The channel that carries every event of this channel's namespace; itself if it is that channel. */
    public Channel firehose() {
        return isFirehose() ? this : new Channel(namespace());
    }

    /** @throws ProblemException {@code invalid-channel} if this is a firehose, which has no document */
    public void requireDocumented() {
        if (isFirehose()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CHANNEL, "channel", name, "<namespace>-<id>: a firehose has no document");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
