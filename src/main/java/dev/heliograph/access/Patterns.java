package dev.heliograph.access;

import dev.heliograph.event.Channel;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The channels that some patterns name. A pattern is one of
 *
 * <ul>
 *   <li>{@code orders-123}: this channel
 *   <li>{@code orders-eu*}: every channel whose name begins so; the star is the last character, after the first hyphen
 *   <li>{@code orders}: every channel of the namespace, but not its firehose
 *   <li>{@code orders.*}: the firehose
 * </ul>
 *
 * <p>{@code {sub}} between hyphens, or at the end, stands for the subject: {@code notes-{sub}}, {@code notes-{sub}-*}. Names
 * are compared as they are written, with upper and lower case. Immutable.
 */
final class Patterns {
    static final Patterns NONE = new Patterns();

    /** How many patterns one action may have. */
    static final int MAX = 1000;

    private static final String EXPECTED =
            "<namespace>, <namespace>.*, <namespace>-<id> or <namespace>-<start of the id>*,"
                    + " where -{sub} before a hyphen or the end stands for the subject";
    private static final String FIREHOSE = ".*";
    private static final String PREFIX = "*";
    private static final String SUBJECT = "{sub}";
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_\\-=@,.;]{0,164}");
    /** A subject as part of an id. */
    private static final Pattern PLACED = Pattern.compile("-\\{sub}(?=-|$)");

    private final Set<String> channels = new HashSet<>();
    private final Set<String> namespaces = new HashSet<>();
    private final Set<String> prefixes = new HashSet<>();

    private Patterns() {}

    /**
     * @param written not null, of clients
     * @param subject for whom they are; null: nobody, so that {@code {sub}} is not possible
     * @throws IllegalArgumentException that names the pattern at fault and what would be right
     */
    static Patterns of(Collection<String> written, String subject) {
        if (written.size() > MAX) {
            throw new IllegalArgumentException(written.size() + " patterns, expected at most " + MAX);
        }
        var patterns = new Patterns();
        written.forEach(pattern -> patterns.add(pattern, subject));
        return patterns;
    }

    private void add(String pattern, String subject) {
        int hyphen = pattern.indexOf('-');
        if (hyphen < 0) {
            boolean isFirehose = pattern.endsWith(FIREHOSE);
            String namespace = isFirehose ? pattern.substring(0, pattern.length() - FIREHOSE.length()) : pattern;
            require(NAMESPACE.matcher(namespace).matches(), pattern);
            (isFirehose ? channels : namespaces).add(namespace);
            return;
        }
        boolean isPrefix = pattern.endsWith(PREFIX);
        String named = isPrefix ? pattern.substring(0, pattern.length() - PREFIX.length()) : pattern;
        String name = withSubject(named, isPrefix, pattern, subject);
        require(NAMESPACE.matcher(name.substring(0, hyphen)).matches(), pattern);
        require(ID.matcher(name.substring(hyphen + 1)).matches(), pattern);
        (isPrefix ? prefixes : channels).add(name);
    }

    private static String withSubject(String named, boolean isPrefix, String pattern, String subject) {
        if (!named.contains(SUBJECT)) {
            return named;
        }
        require(!isPrefix || !named.endsWith(SUBJECT), pattern);
        boolean isLast = named.indexOf(SUBJECT) + SUBJECT.length() == named.length();
        if (subject == null || subject.isEmpty() || !ID.matcher(subject).matches()) {
            throw new IllegalArgumentException("pattern \"" + pattern + "\" with the subject \"" + subject
                    + "\", expected a subject of A-Z a-z 0-9 _ - = @ , . ; for {sub}");
        }
        if (!isLast && subject.indexOf('-') >= 0) {
            // Otherwise notes-{sub}-* would give the subject a what belongs to the subject a-b.
            throw new IllegalArgumentException("pattern \"" + pattern + "\" with the subject \"" + subject
                    + "\", expected a subject without a hyphen, because a hyphen follows {sub}");
        }
        return PLACED.matcher(named).replaceAll("-" + subject);
    }

    private static void require(boolean holds, String pattern) {
        if (!holds) {
            throw new IllegalArgumentException("pattern \"" + pattern + "\", expected " + EXPECTED);
        }
    }

    /** Whether one of the patterns names this channel. */
    boolean name(Channel channel) {
        String name = channel.name();
        if (channels.contains(name)) {
            return true;
        }
        if (channel.isFirehose()) {
            return false;
        }
        return (!namespaces.isEmpty() && namespaces.contains(channel.namespace()))
                || prefixes.stream().anyMatch(name::startsWith);
    }
}
