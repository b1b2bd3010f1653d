package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.hub.Kind;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.publish.EventReader;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and the details of their refusals, which {@link WsBadRequestIT} checks by type over a socket. */
class WsRequestReaderTest {
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    private static final String DRAFT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{\"n\" : 1.10}}";

    private final WsRequestReader reader = new WsRequestReader(CATALOGUE, new EventReader());

    @Test
    void readsEveryKindOfRequest() {
        Stream<String> requests = Stream.of(
                "\"subscribe\":{\"channel\":\"orders-1\"}",
                "\"unsubscribe\":{\"channel\":\"orders-1\"}",
                "\"publish\":" + DRAFT,
                "\"ping\":{}",
                "\"authenticate\":{\"token\":\"t\"}",
                "\"refresh\":{\"token\":\"t\"}");

        assertThat(requests.<Class<?>>map(request -> read(request).getClass()))
                .containsExactlyInAnyOrder(WsRequest.class.getPermittedSubclasses());
    }

    @Test
    void readsAllMembersOfASubscription() {
        assertThat(
                        read(
                                """
                "subscribe": { "document": false, "types": ["order.updated", "order.updated"], "cursor": "e-5",
                               "channel": "orders-1" }"""))
                .isEqualTo(new WsRequest.Subscribe(
                        new Channel("orders-1"), Set.of("order.updated"), new Position("e", 5), Set.of(Kind.EVENTS)));
    }

    @Test
    void readsTokenAndDoesNotShowIt() throws IOException {
        var authenticate = (WsRequest.Authenticate) read(sample("request-authenticate"));
        var refresh = (WsRequest.Refresh) read(sample("request-refresh"));

        assertThat(authenticate.token()).startsWith("eyJ");
        assertThat(refresh.token()).isEqualTo(authenticate.token());
        assertThat(authenticate + " " + refresh).doesNotContain("eyJ");
    }

    @Test
    void keepsPublishedDataByteForByte() {
        var publish = (WsRequest.Publish) read("\"publish\":" + DRAFT);

        assertThat(publish.draft().data()).asString(UTF_8).isEqualTo("{\"n\" : 1.10}");
    }

    @Test
    void findsIdBehindTheBodyAtFault() {
        WsEnvelope envelope = WsEnvelope.read("{\"ping\":{\"a\":[{\"id\":2}]},\"id\":\"x\"}".getBytes(UTF_8));

        assertThat(envelope.id()).isEqualTo("\"x\"");
        assertThat(envelope.refusal()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            'subscribe':{'channel':7}                            | channel     | channel is 7, expected a string
            'subscribe':{'channel':'orders-1','cursor':{}}       | cursor      | cursor is {}, expected a string that this gateway sent
            'subscribe':{'channel':'orders-1','types':'x'}       | types       | types is 'x', expected an array of at least one event type, or no types
            'subscribe':{'channel':'orders-1','types':[]}        | types       | types is [], expected an array of at least one event type, or no types
            'subscribe':{'channel':'orders-1','types':['a',[1]]} | types       | types is [1], expected strings only
            'subscribe':{'channel':'orders-1','document':0}      | document    | document is 0, expected true or false
            'subscribe':{'channel':'orders-1','since':1}         | subscribe member | subscribe member is 'since', expected only channel, cursor, document, types
            'subscribe':{'types':null,'types':null}              |             | subscribe has a member twice or a number of too many digits, expected each member once
            'unsubscribe':[1.10]                                 | unsubscribe | unsubscribe is [1.10], expected a JSON object
            'ping':{'now':1}                                     | ping member | ping member is 'now', expected an empty object
            'authenticate':'secret'                              | authenticate | authenticate is no object, expected {'token':'...'}
            'refresh':{'token':['secret']}                       | token       | token is missing or no string, expected a token or API key
            'refresh':{'token':'secret','x':1}                   | refresh member | refresh member is 'x', expected only token
            'publish':7                                          |             | the body is a number, expected a JSON object
            'publish':{'channel':'orders-1','x':1}               | x           | x is unknown, expected only the members channel, data, id, time, type
            'publish':{'type':'t','type':'t'}                    | type        | type is repeated, expected each member once
            'shout':{}                                           | request     | request is 'shout', expected one of subscribe, unsubscribe, publish, ping, authenticate or refresh
            'ping':{},'ping':{}                                  |             | There are 2 members beside id, expected exactly one: subscribe, unsubscribe, publish, ping, authenticate or refresh
            'ping':{},'id':2                                     |             | id is there twice, expected each member once
            """)
    void explainsRefusal(String request, String field, String detail) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> read(request.replace('\'', '"')));

        assertThat(refused.problem().detail()).isEqualTo(detail.replace('\'', '"'));
        assertThat(refused.problem().field()).isEqualTo(field);
    }

    private static String sample(String name) throws IOException {
        return WireSample.read(name).replaceAll("^\\{\"id\":\\d+,|\\}$", "");
    }

    private WsRequest read(String members) {
        return reader.read(Caller.trusted(CATALOGUE), WsEnvelope.read(("{\"id\":1," + members + "}").getBytes(UTF_8)));
    }
}
