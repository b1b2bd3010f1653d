package dev.heliograph.transport.range;

import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.fuzz.FuzzedRequest;
import dev.heliograph.fuzz.Parser;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.List;

/** What is fuzzed of this package. */
public final class RangeParsers {
    private RangeParsers() {}

    public static List<Parser> all() {
        return List.of(Parser.ofRequest(
                "range", RangeParsers::read, "/?from=a-1&to=a-7&limit=100", "/?from=a-1", "/?to=b-1&limit=1000"));
    }

    private static void read(FuzzedRequest request) {
        var parameters = new MultivaluedHashMap<String, String>();
        request.parameters().forEach(parameters::add);

        RangeQuery query = RangeQuery.of(parameters);

        require(query.limit() >= 1 && query.limit() <= 1000, "the limit is in its range", query);
        require(
                !query.isClosed()
                        || !query.from().epoch().equals(query.to().epoch())
                        || query.from().offset() <= query.to().offset(),
                "the end is not before the beginning",
                query);
    }
}
