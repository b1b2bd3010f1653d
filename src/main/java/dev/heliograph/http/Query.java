package dev.heliograph.http;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The query parameters of a request, read strictly: an unknown parameter is refused by name. */
public final class Query {
    private final Map<String, List<String>> values = new HashMap<>();

    private Query() {}

    /**
     * @param parameters decoded, in the order of the request
     * @param single the names that may come once
     * @param repeatable the names that may come any number of times
     * @throws ProblemException {@code invalid-request} if there are others, or one of the former comes twice
     */
    public static Query read(
            Iterable<Map.Entry<String, String>> parameters, Set<String> single, Set<String> repeatable) {
        var known = new TreeSet<>(single);
        known.addAll(repeatable);
        var query = new Query();
        for (Map.Entry<String, String> parameter : parameters) {
            String name = parameter.getKey();
            if (!known.contains(name)) {
                throw ProblemException.atFault(
                        ProblemType.INVALID_REQUEST,
                        name,
                        "unknown",
                        known.isEmpty() ? "no parameters" : "only the parameters " + String.join(", ", known));
            }
            var sameName = query.values.computeIfAbsent(name, unused -> new ArrayList<>(1));
            sameName.add(parameter.getValue());
            if (sameName.size() > 1 && single.contains(name)) {
                throw ProblemException.inField(
                        ProblemType.INVALID_REQUEST, name, String.join(" and ", sameName), "one " + name);
            }
        }
        return query;
    }

    /** As {@link #read(Iterable, Set, Set)}, for parameters by name, of which none may be repeated. */
    public static Query read(Map<String, List<String>> parameters, Set<String> single) {
        var all = new ArrayList<Map.Entry<String, String>>();
        parameters.forEach((name, values) -> values.forEach(value -> all.add(Map.entry(name, value))));
        return read(all, single, Set.of());
    }

    /** The value of a single parameter; null if it did not come. */
    public String one(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? null : all.get(0);
    }

    /** The values of a repeatable parameter, in their order. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
