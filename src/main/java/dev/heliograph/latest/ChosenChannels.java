package dev.heliograph.latest;

import dev.heliograph.event.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The channels that an {@link Invalidation} chooses: any type of a channel stands for all, as they are kept and dropped
 * together. All channels that are kept are tested, on an event loop, against up to a thousand globs: so those that stand
 * for nothing but themselves, the keys, are looked up.
 */
final class ChosenChannels implements Predicate<Channel> {
    private final Set<String> keys = new HashSet<>();
    /** The channels that the keys name, with or without a type. */
    private final Set<String> channelsOfKeys = new HashSet<>();

    private final List<String> patterns;
    private final Function<Channel, Set<String>> typesOf;

    /** @param typesOf all types of a channel; asked only where one of them may make the difference */
    ChosenChannels(Invalidation invalidation, Function<Channel, Set<String>> typesOf) {
        this.typesOf = typesOf;
        this.patterns = invalidation.globs().stream()
                .filter(glob -> lengthOfHead(glob) < glob.length())
                .toList();
        for (String glob : invalidation.globs()) {
            if (lengthOfHead(glob) == glob.length()) {
                keys.add(glob);
                int colon = glob.indexOf(':');
                channelsOfKeys.add(colon < 0 ? glob : glob.substring(0, colon));
            }
        }
    }

    @Override
    public boolean test(Channel channel) {
        String name = channel.name();
        return isChosen(name)
                || mayChooseTypeOf(name)
                        && typesOf.apply(channel).stream()
                                .map(type -> name + ':' + type)
                                .anyMatch(this::isChosen);
    }

    private boolean isChosen(String name) {
        return keys.contains(name) || patterns.stream().anyMatch(pattern -> Invalidation.matches(pattern, name));
    }

    private boolean mayChooseTypeOf(String channel) {
        return channelsOfKeys.contains(channel)
                || patterns.stream().anyMatch(pattern -> agree(pattern, lengthOfHead(pattern), channel));
    }

    /** Whether the pattern's head and the channel's name begin alike, up to the end of either. */
    private static boolean agree(String pattern, int lengthOfHead, String channel) {
        return pattern.regionMatches(0, channel, 0, Math.min(lengthOfHead, channel.length()));
    }

    /** How many characters stand before the first wildcard. */
    private static int lengthOfHead(String glob) {
        int length = 0;
        while (length < glob.length() && "*?".indexOf(glob.charAt(length)) < 0) {
            length++;
        }
        return length;
    }
}
