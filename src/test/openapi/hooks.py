"""Tells schemathesis what the document cannot say, and names the findings that are right: each is a function below."""

import re

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

# The catalogue is configuration, which the document cannot list. Names come from this part of the default one.
CHANNEL = r"orders(-[A-Za-z0-9_\-=@,.;]{0,157})?"
CATALOGUE = {
    "ChannelName": {"pattern": f"^{CHANNEL}$"},
    "WrittenChannel": {"pattern": rf"^({CHANNEL}|orders\.\*)$"},
    "DocumentChannel": {"pattern": r"^orders-[A-Za-z0-9_\-=@,.;]*$"},
    "EventType": {"enum": ["order.created", "order.updated"]},
    "CacheKey": {"pattern": rf"^({CHANNEL}|orders\.\*)(:order\.(created|updated))?$"},
}
LONGEST_WAIT_SECONDS = 1


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for name, rules in CATALOGUE.items():
        raw_schema["components"]["schemas"][name].update(rules)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Helps valid requests to get beyond the first refusal."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    wait = parameter(case, "wait")
    if re.fullmatch("[0-9]{1,2}", wait) and LONGEST_WAIT_SECONDS < int(wait) <= 55:
        case.query["wait"] = LONGEST_WAIT_SECONDS
    known = list(filter(None, parameter(case, "cursor").split(".")))
    if known and channels(case):
        case.query["cursor"] = ".".join((known * len(channels(case)))[: len(channels(case))])
    tag = header(case, "If-Match")
    if tag and len(tag) % 2:
        case.headers["If-Match"] = "*"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure counts."""
    if isinstance(failure, RejectedPositiveData):
        return not any(explains(case, response) for explains in MAY_BE_REFUSED)
    if isinstance(failure, AcceptedNegativeData):
        return not any(explains(case, response, failure.message) for explains in MAY_BE_TAKEN)
    # OpenAPI 3.1 describes a stream as a whole. Schemathesis takes that for the schema of each event in it.
    return failure.title != "SSE event violates schema"


# Requests that follow the schemas and are refused, because no schema can say the rule.


def cursors_are_for_other_channels(case, response):
    """There is one cursor for each channel, and a lone one is not empty. The first of these that is there is read."""
    wanted = len(channels(case))
    given = winner(case) or parameter(case, "cursor", None)
    if not wanted or given is None:
        return False
    vectors = [tag.split(".") for tag in re.findall(r'"([^"]*)"', given) or [given]]
    return all(len(vector) != wanted or vector == [""] or not all(map(is_cursor, vector)) for vector in vectors)


def channel_comes_twice(case, response):
    """`orders` and `orders.*` are the same."""
    names = [name.removesuffix(".*") for name in channels(case)]
    return len(names) > len(set(names))


def firehose_has_no_document(case, response):
    return parameter(case, "document").lower() == "true" and any("-" not in name for name in channels(case))


def range_ends_before_it_begins(case, response):
    start, end = parameter(case, "from").split("-"), parameter(case, "to").split("-")
    return len(start) == len(end) == 2 and start[0] == end[0] and int(start[1]) > int(end[1])


def conditions_contradict(case, response):
    return case.method == "PUT" and bool(header(case, "If-Match") and header(case, "If-None-Match"))


def merge_has_no_version(case, response):
    """`strategy=merge` needs a tag in `If-Match`."""
    return parameter(case, "strategy") == "merge" and header(case, "If-Match") in (None, "*")


def patch_moves_into_itself(case, response):
    operations = case.body if isinstance(case.body, list) else []
    return any(each["op"] == "move" and each["path"].startswith(each["from"] + "/") for each in operations)


def document_is_in_another_state(case, response):
    """Only what was written before decides whether a condition, a patch or an idempotency key fits."""
    return "/documents/" in case.path and response.status_code in (412, 422, 428)


def revocation_does_not_end_in_ten_years(case, response):
    """`until` is later than now, and at most ten years."""
    return case.method == "POST" and case.path.endswith("/revocations") and '"field":"until"' in response.text


def lifts_none_or_several(case, response):
    """A query has exactly one of three parameters."""
    return case.path.endswith("/revocations") and len(case.query or {}) != 1


# Requests that break the schemas and are not refused with one of the usual statuses.


def elements_are_refused_one_by_one(case, response, message):
    """A batch is answered 200, with a problem for each bad event."""
    return case.path.endswith("/batch") and response.status_code == 200 and '{"error":' in response.text


def batch_is_too_large(case, response, message):
    """RFC 9110, section 15.5.14: 413, which schemathesis does not expect for too many items."""
    return response.status_code == 413 and "batch-too-large" in response.text


def cursor_is_overruled(case, response, message):
    """Of several places in which a client may say where it stands, the others are not read."""
    others = ("`cursor`", "`lastEventId`", "`last_event_id`")
    return bool(winner(case)) and any(f"parameter {name} in query" in message for name in others)


def repeat_is_answered_as_before(case, response, message):
    """What has the idempotency key of an earlier change changes nothing, so its condition is not looked at."""
    return "idempotent-replayed" in response.headers


MAY_BE_REFUSED = [
    cursors_are_for_other_channels,
    channel_comes_twice,
    firehose_has_no_document,
    range_ends_before_it_begins,
    conditions_contradict,
    merge_has_no_version,
    patch_moves_into_itself,
    document_is_in_another_state,
    revocation_does_not_end_in_ten_years,
    lifts_none_or_several,
]
MAY_BE_TAKEN = [
    elements_are_refused_one_by_one,
    batch_is_too_large,
    cursor_is_overruled,
    repeat_is_answered_as_before,
]


def winner(case):
    """What wins over `cursor`."""
    return (
        header(case, "If-None-Match")
        or header(case, "Last-Event-ID")
        or parameter(case, "lastEventId", None)
        or parameter(case, "last_event_id", None)
    )


def is_cursor(text):
    return text == "" or re.fullmatch(r"[A-Za-z0-9]{1,32}-(0|[1-9][0-9]{0,17})", text) is not None


def channels(case):
    """Of a poll or stream; none otherwise."""
    given = (case.query or {}).get("channel", [])
    return [str(name) for name in (given if isinstance(given, list) else [given])]


def parameter(case, name, otherwise=""):
    value = (case.query or {}).get(name)
    return otherwise if value is None else str(value)


def header(case, name):
    return (case.headers or {}).get(name)
