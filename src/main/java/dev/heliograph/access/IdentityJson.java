package dev.heliograph.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.event.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/** An identity as JSON, for the other nodes of this gateway. It has the names of the grants' patterns, but no secret. */
public final class IdentityJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUBJECT = "sub";
    private static final String TOKEN_ID = "jti";
    private static final String KEY = "key";
    private static final String EXPIRES = "expires";
    private static final String ADMIN = "admin";

    private IdentityJson() {}

    public static String write(Identity identity) {
        ObjectNode json = JSON.createObjectNode();
        json.put(SUBJECT, identity.subject());
        json.put(TOKEN_ID, identity.tokenId());
        json.put(KEY, identity.key());
        json.put(EXPIRES, identity.expires() == null ? null : identity.expires().toString());
        json.put(ADMIN, identity.grants().isAdmin());
        identity.grants().written().forEach((action, patterns) -> {
            ArrayNode list = json.putArray(action.wireName());
            patterns.forEach(list::add);
        });
        return json.toString();
    }

    /** @throws IllegalArgumentException if it is not what {@link #write} wrote */
    public static Identity read(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException("an identity is stored as something that is no JSON", noJson);
        }
        var patterns = new EnumMap<Action, List<String>>(Action.class);
        for (Action action : Action.values()) {
            if (json.has(action.wireName())) {
                List<String> written = new ArrayList<>();
                json.path(action.wireName()).forEach(pattern -> written.add(pattern.textValue()));
                patterns.put(action, written);
            }
        }
        String subject = json.path(SUBJECT).textValue();
        String expires = json.path(EXPIRES).textValue();
        return new Identity(
                subject,
                json.path(TOKEN_ID).textValue(),
                json.path(KEY).textValue(),
                expires == null ? null : Instant.parse(expires),
                Grants.of(patterns, json.path(ADMIN).booleanValue(), subject));
    }
}
