package dev.heliograph.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** As much of JSON Schema as the OpenAPI document uses; a keyword beyond that is a fault, so that none is overlooked. */
final class JsonSchema {
    private static final Set<String> ANNOTATIONS =
            Set.of("description", "examples", "example", "default", "format", "uniqueItems");

    private final JsonNode document;

    JsonSchema(JsonNode document) {
        this.document = document;
    }

    /** What a {@code $ref} leads to; the node itself if it is none, and a missing node if it leads nowhere. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").textValue().substring(1)) : node;
    }

    /** Everything that is wrong with a value; empty if nothing is. */
    List<String> faults(JsonNode schema, JsonNode value) {
        var faults = new ArrayList<String>();
        check(resolve(schema), value, "", faults);
        return faults;
    }

    private void check(JsonNode schema, JsonNode value, String where, List<String> faults) {
        schema.fields()
                .forEachRemaining(keyword -> check(keyword.getKey(), keyword.getValue(), schema, value, where, faults));
    }

    private void check(
            String keyword, JsonNode rule, JsonNode schema, JsonNode value, String where, List<String> faults) {
        boolean holds =
                switch (keyword) {
                    case "type" -> rule.isArray() ? anyType(rule, value) : isOfType(rule.textValue(), value);
                    case "const" -> rule.equals(value);
                    case "enum" -> anyEquals(rule, value);
                    case "pattern" ->
                        Pattern.compile(rule.textValue())
                                .matcher(value.asText())
                                .find();
                    case "minLength" -> value.asText().length() >= rule.intValue();
                    case "maxLength" -> value.asText().length() <= rule.intValue();
                    case "minimum" -> value.doubleValue() >= rule.doubleValue();
                    case "maximum" -> value.doubleValue() <= rule.doubleValue();
                    case "minItems", "minProperties" -> value.size() >= rule.intValue();
                    case "maxItems", "maxProperties" -> value.size() <= rule.intValue();
                    case "required" -> hasAll(rule, value);
                    case "additionalProperties" -> rule.booleanValue() || knowsAll(schema, value);
                    case "oneOf" -> matching(rule, value) == 1;
                    case "anyOf" -> matching(rule, value) >= 1;
                    case "allOf" -> matching(rule, value) == rule.size();
                    case "properties" -> {
                        rule.fields()
                                .forEachRemaining(
                                        property -> checkProperty(property.getKey(), rule, value, where, faults));
                        yield true;
                    }
                    case "items" -> {
                        for (int i = 0; i < value.size(); i++) {
                            check(resolve(rule), value.get(i), where + "[" + i + "]", faults);
                        }
                        yield true;
                    }
                    default -> ANNOTATIONS.contains(keyword);
                };
        if (!holds) {
            faults.add(where + ": " + keyword + " " + rule + " does not hold for " + value);
        }
    }

    private void checkProperty(String name, JsonNode properties, JsonNode value, String where, List<String> faults) {
        if (value.has(name)) {
            check(resolve(properties.path(name)), value.path(name), where + "." + name, faults);
        }
    }

    private long matching(JsonNode alternatives, JsonNode value) {
        long matching = 0;
        for (JsonNode alternative : alternatives) {
            matching += faults(alternative, value).isEmpty() ? 1 : 0;
        }
        return matching;
    }

    private static boolean anyType(JsonNode types, JsonNode value) {
        boolean any = false;
        for (JsonNode type : types) {
            any |= isOfType(type.textValue(), value);
        }
        return any;
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "null" -> value.isNull();
            default -> false;
        };
    }

    private static boolean anyEquals(JsonNode values, JsonNode value) {
        boolean any = false;
        for (JsonNode each : values) {
            any |= each.equals(value);
        }
        return any;
    }

    private static boolean hasAll(JsonNode names, JsonNode value) {
        boolean all = true;
        for (JsonNode name : names) {
            all &= value.has(name.textValue());
        }
        return all;
    }

    private static boolean knowsAll(JsonNode schema, JsonNode value) {
        boolean all = true;
        for (var names = value.fieldNames(); names.hasNext(); ) {
            all &= schema.path("properties").has(names.next());
        }
        return all;
    }
}
