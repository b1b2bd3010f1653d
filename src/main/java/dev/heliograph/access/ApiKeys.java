package dev.heliograph.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Action;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API keys of backends: {@code hgk_<name>_<43 characters>}, the last part being 256 random bits in base64url. Only their
 * hashes are known here. Immutable.
 */
public final class ApiKeys {
    private static final String PREFIX = "hgk_";
    private static final int SECRET_BYTES = 32;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern KEY = Pattern.compile(PREFIX + "([a-z0-9-]{1,63})_[A-Za-z0-9_-]{43}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final String ROOT = "heliograph.access.keys.";

    private final Map<String, Known> known = new HashMap<>();

    private record Known(byte[] hash, Identity identity) {}

    /** @throws IllegalArgumentException that names the configuration key whose value cannot be meant */
    public static ApiKeys of(Map<String, AccessConfig.KeyConfig> config) {
        var keys = new ApiKeys();
        config.forEach(keys::add);
        return keys;
    }

    private ApiKeys() {}

    /**
     * A new key. It is shown once and kept nowhere.
     *
     * @throws IllegalArgumentException if this is no name of a key
     */
    public static String newKey(String name, SecureRandom random) {
        requireName(name);
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return PREFIX + name + '_' + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** What the configuration holds in place of the key: 64 hexadecimal digits. */
    public static String hashOf(String key) {
        return HexFormat.of().formatHex(sha256(key));
    }

    /** Whether it means to be an API key and not a token. */
    static boolean isKey(String credential) {
        return credential.startsWith(PREFIX);
    }

    /** @throws ProblemException {@code invalid-token}, the same for an unknown name and for a wrong key */
    Identity identity(String key) {
        Matcher parts = KEY.matcher(key);
        Known named = parts.matches() ? known.get(parts.group(1)) : null;
        if (named == null || !MessageDigest.isEqual(named.hash, sha256(key))) {
            throw ProblemException.of(
                    ProblemType.INVALID_TOKEN,
                    "the API key is not known here, expected hgk_<name>_<43 characters> as heliograph keys new printed it");
        }
        return named.identity;
    }

    private void add(String name, AccessConfig.KeyConfig config) {
        requireName(name);
        if (!HASH.matcher(config.sha256()).matches()) {
            // The value may be the key itself, so it is not shown.
            throw new IllegalArgumentException(ROOT + name
                    + ".sha256 is not the hash of a key, expected 64 hexadecimal digits in lower case, as heliograph keys new"
                    + " prints them");
        }
        var patterns = new EnumMap<Action, List<String>>(Action.class);
        config.subscribe().ifPresent(of -> patterns.put(Action.SUBSCRIBE, of));
        config.publish().ifPresent(of -> patterns.put(Action.PUBLISH, of));
        config.read().ifPresent(of -> patterns.put(Action.READ, of));
        config.write().ifPresent(of -> patterns.put(Action.WRITE, of));
        config.presence().ifPresent(of -> patterns.put(Action.PRESENCE, of));
        try {
            Grants grants = Grants.of(patterns, config.admin(), name);
            known.put(
                    name,
                    new Known(HexFormat.of().parseHex(config.sha256()), new Identity(name, null, name, null, grants)));
        } catch (IllegalArgumentException wrong) {
            // Without its cause, so that the start tells it in one line.
            throw new IllegalArgumentException(ROOT + name + " is wrong: " + wrong.getMessage());
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    ROOT + name + " is no name of a key, expected 1 to 63 characters of a-z 0-9 -, no hyphen first");
        }
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
