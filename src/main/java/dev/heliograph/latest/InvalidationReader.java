package dev.heliograph.latest;

import static dev.heliograph.wire.WireNames.ALL;
import static dev.heliograph.wire.WireNames.KEYS;
import static dev.heliograph.wire.WireNames.PATTERN;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.event.Catalogue;
import dev.heliograph.json.JsonText;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code {"keys":[...]}}, {@code {"pattern":"..."}} or {@code {"all":true}}, strictly. */
@Singleton
final class InvalidationReader {
    private static final int MAX_KEYS = 1000;
    private static final String EXPECTED = "exactly one of the members " + KEYS + ", " + PATTERN + ", " + ALL;

    private final Catalogue catalogue;

    InvalidationReader(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @throws ProblemException that names what is wrong */
    Invalidation read(byte[] body) {
        return JsonText.read(body, this::read);
    }

    private Invalidation read(JsonParser json) throws IOException {
        JsonToken start = json.nextToken();
        if (start == null) {
            throw ProblemException.of(ProblemType.MALFORMED_JSON, "the body is empty, expected " + EXPECTED);
        }
        boolean isObject = start == JsonToken.START_OBJECT;
        if (!isObject || json.nextToken() == JsonToken.END_OBJECT) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    (isObject ? "the body has no members" : "the body is no object") + ", expected an object with "
                            + EXPECTED);
        }
        Invalidation chosen = member(json);
        if (json.nextToken() != JsonToken.END_OBJECT) {
            throw wrongMember(json.currentName(), "one member too many");
        }
        return chosen;
    }

    private Invalidation member(JsonParser json) throws IOException {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        return switch (name) {
            case KEYS -> keys(json);
            case PATTERN -> {
                require(value == JsonToken.VALUE_STRING, PATTERN, json, "a string such as orders-*");
                yield Invalidation.ofPattern(json.getText());
            }
            case ALL -> {
                require(value == JsonToken.VALUE_TRUE, ALL, json, "true");
                yield Invalidation.all();
            }
            default -> throw wrongMember(name, "unknown");
        };
    }

    private Invalidation keys(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, KEYS, json, "an array of keys");
        List<String> keys = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String field = "keys[" + keys.size() + "]";
            require(keys.size() < MAX_KEYS, field, json, "at most " + MAX_KEYS + " keys");
            require(json.currentToken() == JsonToken.VALUE_STRING, field, json, "a string such as orders-123");
            keys.add(key(field, json.getText()));
        }
        if (keys.isEmpty()) {
            throw inField(KEYS, "keys is empty, expected at least one key");
        }
        return new Invalidation(keys);
    }

    private String key(String field, String written) {
        try {
            return Invalidation.key(catalogue, written);
        } catch (ProblemException e) {
            throw new ProblemException(e.problem().within(field));
        }
    }

    private static ProblemException wrongMember(String name, String fault) {
        return inField(name, name + " is " + fault + ", expected " + EXPECTED);
    }

    private static ProblemException inField(String field, String detail) {
        return new ProblemException(new Problem(ProblemType.INVALID_REQUEST, detail, field, null));
    }

    private static void require(boolean holds, String field, JsonParser json, String expected) throws IOException {
        if (!holds) {
            throw ProblemException.inField(ProblemType.INVALID_REQUEST, field, json.getText(), expected);
        }
    }
}
