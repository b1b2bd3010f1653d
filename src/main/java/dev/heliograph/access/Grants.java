package dev.heliograph.access;

import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What somebody may do: with which channels, and whether with the gateway itself. Immutable. */
public final class Grants {
    static final Grants NONE = new Grants(Map.of(), Map.of(), false);
    static final Grants ADMIN = new Grants(Map.of(), Map.of(), true);

    private final Map<Action, Patterns> patterns;
    private final Map<Action, List<String>> written;
    private final boolean isAdmin;

    private Grants(Map<Action, Patterns> patterns, Map<Action, List<String>> written, boolean isAdmin) {
        this.patterns = patterns;
        this.written = written;
        this.isAdmin = isAdmin;
    }

    /**
     * @param written the {@linkplain Patterns patterns} of each action; an action without any is not granted
     * @param isAdmin whether it may look at the gateway itself and change it: metrics, caches, revocations
     * @param subject for whom they are, in place of {@code {sub}}; null: nobody
     * @throws IllegalArgumentException that names the pattern at fault
     */
    public static Grants of(Map<Action, ? extends Collection<String>> written, boolean isAdmin, String subject) {
        var patterns = new EnumMap<Action, Patterns>(Action.class);
        var kept = new EnumMap<Action, List<String>>(Action.class);
        written.forEach((action, of) -> {
            try {
                patterns.put(action, Patterns.of(of, subject));
                kept.put(action, List.copyOf(of));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(action.wireName() + " has " + wrong.getMessage(), wrong);
            }
        });
        return new Grants(patterns, kept, isAdmin);
    }

    boolean allow(Action action, Channel channel) {
        return patterns.getOrDefault(action, Patterns.NONE).name(channel);
    }

    /** The patterns of each action as they were written, {@code {sub}} included. */
    Map<Action, List<String>> written() {
        return written;
    }

    boolean isAdmin() {
        return isAdmin;
    }
}
