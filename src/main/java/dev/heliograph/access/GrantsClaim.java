package dev.heliograph.access;

import static dev.heliograph.access.TokenReader.inField;
import static dev.heliograph.access.TokenReader.invalid;

import dev.heliograph.event.Action;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The claim of a token that lists its grants. It is read strictly, because a misspelt grant would be one less in silence. */
final class GrantsClaim {
    private static final String ADMIN = "admin";
    private static final Map<String, Action> ACTIONS =
            Arrays.stream(Action.values()).collect(Collectors.toMap(Action::wireName, action -> action));
    private static final String EXPECTED_MEMBERS =
            "subscribe, publish, read, write and presence, each a list of patterns, and admin, true or false";

    private GrantsClaim() {}

    /**
     * @param claim its name
     * @return no grants if there is no such claim
     * @throws ProblemException {@code invalid-token} that names the member at fault
     */
    static Grants read(String claim, Map<String, Object> claims, String subject) {
        if (!claims.containsKey(claim)) {
            return Grants.NONE;
        }
        if (!(claims.get(claim) instanceof Map<?, ?> members)) {
            throw invalid(claim + " is no object, expected the members " + EXPECTED_MEMBERS);
        }
        var patterns = new EnumMap<Action, List<String>>(Action.class);
        boolean isAdmin = false;
        for (var member : members.entrySet()) {
            String field = claim + '.' + member.getKey();
            Action action = ACTIONS.get(member.getKey());
            if (action != null) {
                patterns.put(action, patterns(field, member.getValue()));
            } else if (!ADMIN.equals(member.getKey())) {
                throw new ProblemException(
                        Problem.atFault(ProblemType.INVALID_TOKEN, field, "unknown", EXPECTED_MEMBERS));
            } else if (member.getValue() instanceof Boolean is) {
                isAdmin = is;
            } else {
                throw inField(field, member.getValue(), "true or false");
            }
        }
        try {
            return Grants.of(patterns, isAdmin, subject);
        } catch (IllegalArgumentException wrong) {
            throw invalid(claim + '.' + wrong.getMessage());
        }
    }

    private static List<String> patterns(String field, Object written) {
        if (!(written instanceof List<?> list)) {
            throw inField(field, written, "a list of patterns");
        }
        return list.stream()
                .map(pattern -> {
                    if (pattern instanceof String text) {
                        return text;
                    }
                    throw inField(field, pattern, "only patterns, which are text");
                })
                .toList();
    }
}
