package dev.heliograph.http;

import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.fuzz.FuzzedRequest;
import dev.heliograph.fuzz.Parser;
import java.util.List;
import java.util.Set;

/** What is fuzzed of this package. */
public final class HttpParsers {
    private HttpParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofLines(
                        "If-None-Match",
                        HttpParsers::readIfNoneMatch,
                        "\"a-1\"",
                        "*",
                        "W/\"3h9sgg2sl4t9f-1--gzip\", \"b-2\"\n\"c-3;br\"",
                        ", ,\"\""),
                Parser.ofRequest(
                        "query",
                        HttpParsers::readQuery,
                        "/?channel=orders-1&channel=orders-2&wait=5",
                        "/?wait=1&wait=2"),
                Parser.ofText(
                        "Content-Type",
                        HttpParsers::readContentType,
                        "application/json; charset=utf-8",
                        " Text/Plain"));
    }

    private static void readIfNoneMatch(List<String> fields) {
        IfNoneMatch read = IfNoneMatch.parse(fields);

        String all = String.join(",", fields);
        require(!read.isAny() || all.strip().equals("*"), "only a star is any", all);
        for (String tag : read.tags()) {
            require(tag.indexOf('"') < 0, "a tag has no quotes", tag);
            require(all.contains('"' + tag), "a tag is one that came", tag);
        }
    }

    private static void readQuery(FuzzedRequest request) {
        Query query = Query.read(request.parameters(), Set.of("wait"), Set.of("channel"));

        require(
                request.parameters().names().stream().allMatch(Set.of("wait", "channel")::contains),
                "only known parameters pass",
                request.parameters().names());
        require(
                query.all("channel").equals(request.parameters().getAll("channel")),
                "all values are there",
                query.all("channel"));
        require(request.parameters().getAll("wait").size() <= 1, "a single parameter comes once", request.address());
    }

    private static void readContentType(String field) {
        String essence = ContentType.essence(field);

        require(essence.indexOf(';') < 0, "a media type has no parameters", essence);
        require(essence.equals(essence.strip()), "a media type has no spaces around it", essence);
    }
}
