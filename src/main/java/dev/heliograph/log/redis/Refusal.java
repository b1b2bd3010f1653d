package dev.heliograph.log.redis;

import io.vertx.redis.client.Response;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A write that Redis refused for a reason that an operator can end.
 *
 * @param words Redis' own, from the reason on
 */
record Refusal(Reason reason, String words) {
    private static final int SHOWN_CHARS = 200;
    /** Before Redis 7 the code stands within the error of a script; that of a missing right is left out even by Redis 7. */
    private static final Pattern CODE =
            Pattern.compile("\\b(OOM|READONLY|NOREPLICAS|MISCONF|NOPERM) |The user executing the script can't");

    /** A closed set: these are a label of a metric. */
    public enum Reason {
        OOM,
        READONLY,
        NOREPLICAS,
        MISCONF,
        NOPERM;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return null if the failure is no such refusal */
    static Refusal of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Response) {
                return in(cause.getMessage());
            }
        }
        return null;
    }

    private static Refusal in(String message) {
        Matcher found = CODE.matcher(message);
        if (!found.find()) {
            return null;
        }
        String code = found.group(1) == null ? "NOPERM" : found.group(1);
        String words = message.substring(found.start()).lines().findFirst().orElse(code);
        return new Refusal(Reason.valueOf(code), words.substring(0, Math.min(words.length(), SHOWN_CHARS)));
    }
}
