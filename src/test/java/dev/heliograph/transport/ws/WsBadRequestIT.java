package dev.heliograph.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.WireSample;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake in a request has its own answer, under its id where it has one. */
class WsBadRequestIT extends MistakenClient {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "subscribe   | {'channel':'nobody-1'}                                | unknown-namespace",
                "subscribe   | {'channel':'orders 1'}                                | invalid-channel",
                "subscribe   | {'channel':''}                                        | invalid-channel",
                "subscribe   | {'channel':'-1'}                                      | invalid-channel",
                "subscribe   | {'channel':'orders-*'}                                | invalid-channel",
                "subscribe   | {'channel':'örders'}                                  | invalid-channel",
                "subscribe   | {'channel':7}                                         | invalid-channel",
                "subscribe   | {'channel':null}                                      | invalid-channel",
                "subscribe   | {'channel':['orders-1']}                              | invalid-channel",
                "subscribe   | {}                                                    | invalid-channel",
                "subscribe   | {'channel':'orders-1','types':['order.lost']}         | unknown-type",
                "subscribe   | {'channel':'orders-1','types':['job.created']}        | unknown-type",
                "subscribe   | {'channel':'orders-1','types':'order.updated'}        | invalid-request",
                "subscribe   | {'channel':'orders-1','types':[]}                     | invalid-request",
                "subscribe   | {'channel':'orders-1','types':[1]}                    | invalid-request",
                "subscribe   | {'channel':'orders-1','types':null}                   | invalid-request",
                "subscribe   | {'channel':'orders-1','cursor':'yesterday'}           | invalid-cursor",
                "subscribe   | {'channel':'orders-1','cursor':''}                    | invalid-cursor",
                "subscribe   | {'channel':'orders-1','cursor':'a-01'}                | invalid-cursor",
                "subscribe   | {'channel':'orders-1','cursor':'a--1'}                | invalid-cursor",
                "subscribe   | {'channel':'orders-1','cursor':'a-9999999999999999999'} | invalid-cursor",
                "subscribe   | {'channel':'orders-1','cursor':5}                     | invalid-cursor",
                "subscribe   | {'channel':'orders-1','since':1}                      | invalid-request",
                "subscribe   | {'channel':'orders-1','channel':'orders-2'}           | invalid-request",
                "subscribe   | 'orders-1'                                            | invalid-request",
                "subscribe   | null                                                  | invalid-request",
                "subscribe   | []                                                    | invalid-request",
                "unsubscribe | {'channel':'orders-never'}                            | not-subscribed",
                "unsubscribe | {'channel':true}                                      | invalid-channel",
                "ping        | {'now':1}                                             | invalid-request",
                "ping        | 1                                                     | invalid-request",
                "shout       | {}                                                    | unknown-request",
                "Subscribe   | {'channel':'orders-1'}                                | unknown-request",
                "publish     | {'channel':'jobs-1','type':'job.lost','data':{}}      | unknown-type",
                "publish     | {'channel':'nobody-1','type':'job.created','data':{}} | unknown-namespace",
                "publish     | {'channel':'jobs/1','type':'job.created','data':{}}   | invalid-channel",
                "publish     | {'channel':'jobs-1','type':'job.created','data':[]}   | invalid-data",
                "publish     | {'channel':'jobs-1','type':'job.created'}             | invalid-data",
                "publish     | {'channel':'jobs-1','type':7,'data':{}}               | invalid-request",
                "publish     | {'channel':'jobs-1','type':'job.created','data':{},'id':''} | invalid-request",
                "publish     | {'channel':'jobs-1','type':'job.created','data':{},'time':'noon'} | invalid-request",
                "publish     | {'channel':'jobs-1','type':'job.created','data':{},'ttl':1} | invalid-request",
                "publish     | 7                                                     | invalid-request",
                "authenticate | {'token':'a gateway without keys asks nobody'}       | invalid-request",
                "authenticate | {}                                                   | invalid-request",
                "refresh     | {'token':'nor does it renew'}                         | invalid-request",
            })
    void wrongRequestIsAnsweredUnderItsId(String kind, String body, String slug) throws IOException {
        client.send("{\"id\":\"r1\",\"" + kind + "\":" + body.replace('\'', '"') + "}");

        JsonNode answer = client.next();

        assertThat(answer.path("id").textValue()).isEqualTo("r1");
        assertProblem(answer, slug);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "hello", "{", "{'id':1}", "{\"id\":01}", "\0{", "{\0\"\0i\0d", "\uFEFF{\"id\":1}"})
    void textThatIsNoJsonIsRefusedWithoutAnId(String text) throws IOException {
        client.send(text);

        JsonNode answer = client.next();

        assertThat(answer.has("id")).isFalse();
        assertProblem(answer, "malformed-json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':1,'ping':{}      | malformed-json",
                "{'id':1,'ping':{}}}    | malformed-json",
                "{'id':1,'ping':{} x    | malformed-json",
                "{'id':1,'id':2,'ping':{}} | invalid-request",
            })
    void errorAfterTheIdIsAnsweredUnderIt(String text, String slug) throws IOException {
        client.send(text.replace('\'', '"'));

        JsonNode answer = client.next();

        assertThat(answer.path("id").intValue()).isEqualTo(1);
        assertProblem(answer, slug);
    }

    @Test
    void tooDeepNestingIsAnInvalidRequestUnderItsId() throws IOException {
        client.send("{\"id\":1,\"ping\":" + "[".repeat(1000));

        JsonNode answer = client.next();

        assertThat(answer.path("id").intValue()).isEqualTo(1);
        assertProblem(answer, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'channel':5}                               | channel is 5, expected a string",
                "{'channel':'orders-1','cursor':null}        | cursor is null, expected a string that this gateway sent",
                "{'channel':'orders-1','types':'x'}          | types is 'x', expected an array",
                "{'channel':'orders-1','document':[1]}       | document is [1], expected true or false",
            })
    void aRefusalShowsTheJsonThatItFound(String body, String detail) throws IOException {
        JsonNode answer = client.request("subscribe", body.replace('\'', '"'));

        assertThat(answer.at("/error/detail").textValue()).startsWith(detail.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[]", "null", "\"ping\"", "[{\"id\":1,\"ping\":{}}]"})
    void jsonThatIsNoObjectIsRefused(String text) throws IOException {
        client.send(text);

        assertProblem(client.next(), "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ping\":{}}",
                "{\"id\":null,\"ping\":{}}",
                "{\"id\":1.5,\"ping\":{}}",
                "{\"id\":{},\"ping\":{}}",
                "{\"id\":\"\",\"ping\":{}}",
                "{\"id\":\"a\\\"b\",\"ping\":{}}",
                "{\"id\":12345678901234567890,\"ping\":{}}"
            })
    void requestWithoutALegalIdIsRefusedWithoutOne(String text) throws IOException {
        client.send(text);

        JsonNode answer = client.next();

        assertThat(answer.has("id")).isFalse();
        assertProblem(answer, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1}", "{\"id\":1,\"ping\":{},\"subscribe\":{\"channel\":\"orders-1\"}}"})
    void requestOfNoneOrTwoKindsIsRefused(String text) throws IOException {
        client.send(text);

        assertProblem(client.next(), "unknown-request");
    }

    @Test
    void errorLooksAsDocumented() throws IOException {
        client.send("{\"id\":6,\"subscribe\":{\"channel\":\"orders-1\",\"cursor\":\"yesterday\"}}");

        WireSample.assertLike(client.nextText(), "answer-error");
    }

    @Test
    void subscribingTwiceIsRefusedAndTheFirstLivesOn() throws IOException {
        client.subscribe("jobs-twice");
        client.next();

        assertProblem(client.subscribe("jobs-twice"), "already-subscribed");
        client.send("{\"id\":9,\"publish\":{\"channel\":\"jobs-twice\",\"type\":\"job.created\",\"data\":{}}}");
        assertThat(List.of(client.next(), client.next()))
                .anyMatch(frame -> frame.has("event"))
                .anyMatch(frame -> frame.has("published"));
    }
}
