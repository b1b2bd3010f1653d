package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
    /** Mostly of RFC 6902, appendix A. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"foo":"bar"}                           | [{"op":"add","path":"/baz","value":"qux"}]                       | {"foo":"bar","baz":"qux"}
            {"foo":["bar","baz"]}                   | [{"op":"add","path":"/foo/1","value":"qux"}]                     | {"foo":["bar","qux","baz"]}
            {"foo":["bar"]}                         | [{"op":"add","path":"/foo/-","value":["abc","def"]}]             | {"foo":["bar",["abc","def"]]}
            {"foo":["bar"]}                         | [{"op":"add","path":"/foo/1","value":1}]                         | {"foo":["bar",1]}
            {"foo":1}                               | [{"op":"add","path":"/foo","value":null}]                        | {"foo":null}
            {"foo":1}                               | [{"op":"add","path":"","value":{"bar":2}}]                       | {"bar":2}
            {"foo":1}                               | [{"op":"add","path":"/child","value":{"grand":{}},"xyz":1}]      | {"foo":1,"child":{"grand":{}}}
            {"baz":"qux","foo":"bar"}               | [{"op":"remove","path":"/baz"}]                                  | {"foo":"bar"}
            {"foo":["bar","qux","baz"]}             | [{"op":"remove","path":"/foo/1"}]                                | {"foo":["bar","baz"]}
            {"baz":"qux","foo":"bar"}               | [{"op":"replace","path":"/baz","value":"boo"}]                   | {"baz":"boo","foo":"bar"}
            {"foo":1}                               | [{"op":"replace","path":"","value":{}}]                          | {}
            {"a":{"b":1},"c":{"d":2}}               | [{"op":"move","from":"/a/b","path":"/c/e"}]                      | {"a":{},"c":{"d":2,"e":1}}
            {"foo":["all","grass","cows","eat"]}    | [{"op":"move","from":"/foo/1","path":"/foo/3"}]                  | {"foo":["all","cows","eat","grass"]}
            {"foo":1}                               | [{"op":"move","from":"/foo","path":"/foo"}]                      | {"foo":1}
            {"a":{"b":1}}                           | [{"op":"move","from":"/a","path":""}]                            | {"b":1}
            {"a":{"b":1}}                           | [{"op":"copy","from":"/a","path":"/a/c"}]                        | {"a":{"b":1,"c":{"b":1}}}
            {"a":1}                                 | [{"op":"copy","from":"","path":"/b"}]                            | {"a":1,"b":{"a":1}}
            {"baz":"qux","foo":["a",2,"c"]}         | [{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}] | {"baz":"qux","foo":["a",2,"c"]}
            {"a":1.10}                              | [{"op":"test","path":"/a","value":1.1}]                          | {"a":1.10}
            {"a":{"x":1,"y":[1e2]}}                 | [{"op":"test","path":"/a","value":{"y":[100],"x":1.0}}]          | {"a":{"x":1,"y":[1E+2]}}
            {"a":1}                                 | [{"op":"test","path":"","value":{"a":1}}]                        | {"a":1}
            {"/":9,"~1":10}                         | [{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/~1"}] | {"~1":10}
            {"01":[1]}                              | [{"op":"add","path":"/01/0","value":0}]                          | {"01":[0,1]}
            {"":1}                                  | [{"op":"replace","path":"/","value":2}]                          | {"":2}
            {"١":1}                                 | [{"op":"replace","path":"/١","value":2}]                      | {"١":2}
            {"a":[0,[1,{"b":[]}]]}                  | [{"op":"add","path":"/a/1/1/b/-","value":2},{"op":"add","path":"/a/1/0","value":3},{"op":"replace","path":"/a/1/2/b/0","value":4}] | {"a":[0,[3,1,{"b":[4]}]]}
            {"a":{"b":[1]}}                         | [{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/a/b/-","value":2},{"op":"copy","from":"/a","path":"/d"},{"op":"remove","path":"/d/b/0"},{"op":"add","path":"/a/b/-","value":3}] | {"a":{"b":[1,2,3]},"c":{"b":[1]},"d":{"b":[2]}}
            {"a":{"b":[1]}}                         | [{"op":"add","path":"/a/b/0","value":0},{"op":"test","path":"","value":{"a":{"b":[0,1]}}},{"op":"move","from":"/a/b","path":"/b"},{"op":"remove","path":"/b/1"}] | {"a":{},"b":[0]}
            {"a":1,"b":2}                           | [{"op":"move","from":"/a","path":"/a"}]                          | {"a":1,"b":2}
            {"a":1}                                 | []                                                               | {"a":1}
            {"a":[1]}                               | [{"op":"add","path":"","value":7},{"op":"add","path":"","value":{"b":1}}] | {"b":1}
            """)
    void appliesPatchThatFits(String document, String patch, String expected) {
        assertThat(apply(document, patch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"foo":"bar"} | [{"op":"test","path":"/foo","value":"baz"}]          | PATCH_NOT_APPLICABLE | [0].value
            {"foo":"10"}  | [{"op":"test","path":"/foo","value":10}]             | PATCH_NOT_APPLICABLE | [0].value
            {"foo":1}     | [{"op":"test","path":"/bar","value":null}]           | PATCH_NOT_APPLICABLE | [0].path
            {"foo":1}     | [{"op":"add","path":"/baz/bat","value":1}]           | PATCH_NOT_APPLICABLE | [0].path
            {"foo":1}     | [{"op":"add","path":"/foo/bat","value":1}]           | PATCH_NOT_APPLICABLE | [0].path
            {"foo":null}  | [{"op":"add","path":"/foo/bat","value":1}]           | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1]}   | [{"op":"add","path":"/foo/2","value":1}]             | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1]}   | [{"op":"add","path":"/foo/x","value":1}]             | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1,2]} | [{"op":"add","path":"/foo/01","value":1}]            | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[[1,2]]} | [{"op":"add","path":"/foo/00/0","value":1}]        | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1,2]} | [{"op":"add","path":"/foo/-1","value":1}]            | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1,2]} | [{"op":"add","path":"/foo/1e0","value":1}]           | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1,2]} | [{"op":"add","path":"/foo/99999999999","value":1}]   | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1]}   | [{"op":"remove","path":"/foo/-"}]                    | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1]}   | [{"op":"remove","path":"/foo/1"}]                    | PATCH_NOT_APPLICABLE | [0].path
            {"foo":1}     | [{"op":"remove","path":"/bar"}]                      | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1]}   | [{"op":"replace","path":"/foo/-","value":1}]         | PATCH_NOT_APPLICABLE | [0].path
            {"foo":1}     | [{"op":"replace","path":"/bar","value":1}]           | PATCH_NOT_APPLICABLE | [0].path
            {"foo":1}     | [{"op":"copy","from":"/bar","path":"/baz"}]          | PATCH_NOT_APPLICABLE | [0].from
            {"foo":1}     | [{"op":"move","from":"/bar","path":"/bar"}]          | PATCH_NOT_APPLICABLE | [0].from
            {"foo":1}     | [{"op":"copy","from":"/foo","path":"/bar/a"}]        | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1,2]} | [{"op":"test","path":"/foo/١","value":2}]            | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[1,2]} | [{"op":"remove","path":"/foo/１"}]                   | PATCH_NOT_APPLICABLE | [0].path
            {"foo":[]}    | [{"op":"add","path":"/foo/","value":1}]              | PATCH_NOT_APPLICABLE | [0].path
            {"foo":1}     | [{"op":"remove","path":""},{"op":"copy","from":"","path":""}] | PATCH_NOT_APPLICABLE | [1].from
            {"foo":1}     | [{"op":"remove","path":"/foo"},{"op":"remove","path":"/foo"}] | PATCH_NOT_APPLICABLE | [1].path
            {"foo":1}     | [{"op":"add","path":"","value":7},{"op":"add","path":"/a","value":1}] | PATCH_NOT_APPLICABLE | [1].path
            {"foo":1}     | [{"op":"remove","path":""},{"op":"test","path":"/a","value":1}] | PATCH_NOT_APPLICABLE | [1].path
            {"foo":1}     | [{"op":"remove","path":""}]                          | INVALID_DOCUMENT     |
            {"foo":1}     | [{"op":"replace","path":"","value":[]}]              | INVALID_DOCUMENT     |
            {"foo":1}     | [{"op":"move","from":"/foo","path":""}]              | INVALID_DOCUMENT     |
            {"foo":1}     | {"op":"remove","path":"/foo"}                        | INVALID_PATCH        |
            {"foo":1}     | [[]]                                                 | INVALID_PATCH        | [0]
            {"foo":1}     | [{}]                                                 | INVALID_PATCH        | [0].op
            {"foo":1}     | [{"op":7,"path":"/foo"}]                             | INVALID_PATCH        | [0].op
            {"foo":1}     | [{"op":"Add","path":"/foo","value":1}]               | INVALID_PATCH        | [0].op
            {"foo":1}     | [{"op":"remove"}]                                    | INVALID_PATCH        | [0].path
            {"foo":1}     | [{"op":"remove","path":null}]                        | INVALID_PATCH        | [0].path
            {"foo":1}     | [{"op":"remove","path":"foo"}]                       | INVALID_PATCH        | [0].path
            {"foo":1}     | [{"op":"remove","path":"/~"}]                        | INVALID_PATCH        | [0].path
            {"foo":1}     | [{"op":"remove","path":"/~2"}]                       | INVALID_PATCH        | [0].path
            {"foo":1}     | [{"op":"add","path":"/a"}]                           | INVALID_PATCH        | [0].value
            {"foo":1}     | [{"op":"test","path":"/a","value":1},{"op":"move","path":"/a"}] | INVALID_PATCH | [1].from
            {"foo":{}}    | [{"op":"move","from":"/foo","path":"/foo/a"}]        | INVALID_PATCH        | [0].path
            {"foo":{}}    | [{"op":"move","from":"","path":"/foo"}]              | INVALID_PATCH        | [0].path
            {"foo":1}     | [{"op":"remove","path":"/a","path":"/b"}]            | INVALID_REQUEST      | /0/path
            """)
    void refusesPatchThatDoesNotFitByName(String document, String patch, ProblemType type, String field) {
        Problem refused = refusal(document, patch);

        assertThat(refused.type()).isEqualTo(type);
        assertThat(refused.field()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"op":"remove","path":"/a/x"}            | [0] remove /a/x    | /a/x is not there, expected a place that has a value
            {"op":"add","path":"/x/y","value":1}     | [0] add /x/y       | /x is not there, expected a place that has a value
            {"op":"add","path":"/s/y","value":1}     | [0] add /s/y       | /s has nothing within it, expected an object or an array
            {"op":"replace","path":"/l/2","value":1} | [0] replace /l/2   | /l is an array, expected an index from 0 to 1
            {"op":"add","path":"/l/3","value":1}     | [0] add /l/3       | /l is an array, expected an index from 0 to 2, or -
            {"op":"remove","path":"/e/0"}            | [0] remove /e/0    | /e is an empty array, expected one that has elements
            {"op":"copy","from":"/x","path":"/y"}    | [0] copy /y        | /x is not there, expected a place that has a value
            {"op":"test","path":"/s","value":"z"}    | [0] test /s        | something else is there, expected its value
            """)
    void explainsRefusalWithoutShowingTheDocument(String operation, String which, String why) {
        Problem refused = refusal("{\"a\":{},\"s\":\"secret\",\"l\":[\"secret\",7],\"e\":[]}", "[" + operation + "]");

        assertThat(refused.detail()).isEqualTo("the operation " + which + " does not fit the document: " + why);
    }

    @Test
    void cutsLongPathsInRefusals() {
        String path = "/a".repeat(30_000);

        assertThat(refusal("{}", "[{\"op\":\"remove\",\"path\":\"" + path + "\"}]")
                        .detail())
                .hasSizeLessThan(300);
    }

    @Test
    void leavesTheDocumentAsItWasWhenItFails() {
        ObjectNode document = DocumentJson.object("{\"a\":{\"b\":[1,{\"c\":2}]}}".getBytes(UTF_8));
        JsonPatch patch = JsonPatch.read(
                """
                [{"op":"add","path":"/a/b/0","value":0},{"op":"remove","path":"/a/b/2/c"},{"op":"add","path":"/x","value":1},
                 {"op":"test","path":"/x","value":2}]"""
                        .getBytes(UTF_8));

        assertThatThrownBy(() -> patch.applyTo(document)).isInstanceOf(ProblemException.class);

        assertThat(document).hasToString("{\"a\":{\"b\":[1,{\"c\":2}]}}");
    }

    @Test
    void copiesAnArrayOnceForAllOperations() {
        var array = new CountedArray();
        array.add(1).add(2);
        ObjectNode document = DocumentJson.NODES.objectNode().set("a", array);
        String change =
                "{\"op\":\"add\",\"path\":\"/a/0\",\"value\":0},{\"op\":\"test\",\"path\":\"/a/0\",\"value\":0},"
                        + "{\"op\":\"remove\",\"path\":\"/a/0\"}";

        ObjectNode changed = JsonPatch.read(patchOf(80, change).getBytes(UTF_8)).applyTo(document);

        assertThat(changed).hasToString("{\"a\":[1,2]}");
        assertThat(array.copies).isEqualTo(1);
    }

    @Test
    void appliesAgainWithTheSameResult() {
        ObjectNode document = DocumentJson.object("{\"a\":[0]}".getBytes(UTF_8));
        JsonPatch patch = JsonPatch.read(
                """
                [{"op":"add","path":"/b","value":{"c":[1]}},{"op":"add","path":"/b/c/-","value":2},
                 {"op":"replace","path":"/a/0","value":[3]},{"op":"add","path":"/a/0/0","value":4}]"""
                        .getBytes(UTF_8));

        assertThat(patch.applyTo(document)).hasToString("{\"a\":[[4,3]],\"b\":{\"c\":[1,2]}}");
        assertThat(patch.applyTo(document)).hasToString("{\"a\":[[4,3]],\"b\":{\"c\":[1,2]}}");
    }

    @Test
    void refusesMoveDeeperThanDocumentsMayBe() {
        String deep = "{\"a\":".repeat(100) + "{}" + "}".repeat(100);
        String within = "/b" + "/a".repeat(100) + "/x";
        String document = "{\"a\":" + deep + ",\"b\":" + deep + "}";
        String there = "{\"op\":\"move\",\"from\":\"/a\",\"path\":\"" + within + "\"}";
        String back = "{\"op\":\"move\",\"from\":\"" + within + "\",\"path\":\"/a\"}";

        assertThat(refusal(document, "[" + there + "]").type()).isEqualTo(ProblemType.INVALID_DOCUMENT);
        assertThat(apply("{\"b\":" + deep + ",\"a\":" + deep + "}", "[" + there + "," + back + "]"))
                .isEqualTo("{\"b\":" + deep + ",\"a\":" + deep + "}");
        assertThat(refusal(document, "[" + there + ",{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/c\"}]"))
                .extracting(Problem::type, Problem::field)
                .containsExactly(ProblemType.INVALID_DOCUMENT, "[1].path");
    }

    @Test
    void refusesPathWithNameTooLongForDocuments() {
        assertThat(refusal("{}", "[{\"op\":\"add\",\"path\":\"/" + "x".repeat(1001) + "\",\"value\":1}]"))
                .extracting(Problem::type, Problem::field)
                .containsExactly(ProblemType.INVALID_PATCH, "[0].path");
        String longest = "~1".repeat(1000);
        assertThat(apply("{}", "[{\"op\":\"add\",\"path\":\"/" + longest + "\",\"value\":1}]"))
                .isEqualTo("{\"" + "/".repeat(1000) + "\":1}");
    }

    @Test
    void stopsCopiesOfCopiesBeforeTheyFillTheMemory() {
        String doubling = "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}";
        String document = "{\"a\":[\"" + "x".repeat(1000) + "\"]}";

        Problem refused = refusal(document, "[" + String.join(",", Collections.nCopies(200, doubling)) + "]");

        assertThat(refused.type()).isEqualTo(ProblemType.INVALID_DOCUMENT);
    }

    @Test
    void refusesValueDeeperThanDocumentsMayBe() {
        String deep = "{\"a\":".repeat(125) + "{}" + "}".repeat(125);
        String document = "{\"a\":{\"b\":{}}}";

        assertThat(apply(document, "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":" + deep + "}]"))
                .isEqualTo("{\"a\":{\"b\":" + deep + "}}");
        assertThat(refusal(document, "[{\"op\":\"add\",\"path\":\"/a/b/c\",\"value\":" + deep + "}]"))
                .extracting(Problem::type, Problem::field)
                .containsExactly(ProblemType.INVALID_DOCUMENT, "[0].path");
        assertThat(refusal("{\"a\":" + deep + "}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/a/b\"}]")
                        .type())
                .isEqualTo(ProblemType.INVALID_DOCUMENT);
    }

    @Test
    void refusesTooManyOperations() {
        String one = "{\"op\":\"test\",\"path\":\"\",\"value\":{}}";

        assertThat(apply("{}", patchOf(JsonPatch.MAX_OPERATIONS, one))).isEqualTo("{}");
        assertThat(refusal("{}", patchOf(JsonPatch.MAX_OPERATIONS + 1, one)).type())
                .isEqualTo(ProblemType.INVALID_PATCH);
    }

    private static String patchOf(int operations, String one) {
        return "[" + String.join(",", Collections.nCopies(operations, one)) + "]";
    }

    /** What is written of it, once it was read again. */
    private static String apply(String document, String patch) {
        ObjectNode changed =
                JsonPatch.read(patch.getBytes(UTF_8)).applyTo(DocumentJson.object(document.getBytes(UTF_8)));
        DocumentJsonTest.requireReadable(changed);
        return new String(DocumentJson.write(changed), UTF_8);
    }

    private static Problem refusal(String document, String patch) {
        return catchThrowableOfType(ProblemException.class, () -> apply(document, patch))
                .problem();
    }

    /** Counts how often it is copied. */
    private static final class CountedArray extends ArrayNode {
        private static final long serialVersionUID = 1L;

        private int copies;

        CountedArray() {
            super(DocumentJson.NODES);
        }

        @Override
        public ArrayNode deepCopy() {
            copies++;
            return super.deepCopy();
        }
    }
}
