package dev.heliograph.edge;

import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fuzz.FuzzedRequest;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.problem.ProblemException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is fuzzed of this package. */
public final class EdgeParsers {
    /** Looks at no cookie. */
    private static final Credentials CREDENTIALS = new Credentials((AccessConfig) Proxy.newProxyInstance(
            EdgeParsers.class.getClassLoader(),
            new Class<?>[] {AccessConfig.class},
            (proxy, method, arguments) -> Optional.empty()));

    private EdgeParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofRequest(
                        "credentials",
                        EdgeParsers::readCredentials,
                        "/\nAuthorization: Bearer " + Keys.ORDERS,
                        "/\nAuthorization: Bearer a.b.c\nAuthorization: Bearer d.e.f",
                        "/\nauthorization: bearer  a "),
                Parser.ofText(
                        "address",
                        EdgeParsers::readAddress,
                        "192.0.2.1",
                        "[2001:db8::1]",
                        "fe80::1%eth0",
                        "::ffff:192.0.2.1",
                        "unknown",
                        "localhost"),
                Parser.ofLines(
                        "framing",
                        EdgeParsers::readFraming,
                        "HTTP/1.1\nkeep-alive\nchunked",
                        "HTTP/1.0\nclose, ,\ngzip, chunked",
                        "HTTP/1.1\n\nchunked,chunked"));
    }

    private static void readCredentials(FuzzedRequest request) {
        String credential = CREDENTIALS.of(request.ofVertxWeb());

        List<String> headers = request.headers().getAll("Authorization");
        require((credential == null) == headers.isEmpty(), "a header has a credential", headers);
        if (credential != null) {
            require(headers.size() == 1, "one header is read", headers);
            require(
                    headers.get(0).endsWith(credential)
                            || headers.get(0).strip().endsWith(credential),
                    "the credential is the end of the header",
                    headers);
            require(credential.length() <= 7 * 1024, "a credential is short", credential.length());
        }
    }

    /** Also asks no name server, which would take its time. */
    private static void readAddress(String written) {
        String client = ClientAddress.client(written);

        require(
                client.equals("unknown") || client.matches("[0-9.]{1,45}") || client.matches("([0-9a-f]{1,4}:){4}:/64"),
                "a client is an address or unknown",
                client);
    }

    private static void readFraming(List<String> lines) {
        List<String> connection = lines.size() > 1 ? List.of(lines.get(1)) : List.of();
        List<String> codings = lines.subList(Math.min(2, lines.size()), lines.size());
        var framing = new HttpFraming(lines.get(0).equals("HTTP/1.0"), connection, codings);

        boolean isRefused = framing.refusal().isPresent();

        require(!isRefused || framing.endsConnection(), "a refused request ends its connection", lines);
        String joined = String.join(",", codings).toLowerCase(Locale.ROOT).replaceAll("[,\\s]", "");
        require(
                isRefused || codings.isEmpty() || joined.strip().equals("chunked"),
                "nothing but chunked is read",
                codings);
        framing.refusal().ifPresent(refusal -> {
            throw new ProblemException(refusal);
        });
    }
}
