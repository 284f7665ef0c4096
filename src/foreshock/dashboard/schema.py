"""What can be asked of the API, and in which shapes does it answer? The routes as OpenAPI 3.1.

The shapes are those of the very structs that are read and sent. An error of any status is an
`ErrorView`; an id may hold slashes, which then travel percent-encoded.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from foreshock.dashboard.alert_routes import AckBody, TestBody
from foreshock.dashboard.alert_views import (
    CategoryView,
    DemoSpikeView,
    HealthView,
    NoticeView,
    NotifierView,
    WatchedView,
)
from foreshock.dashboard.answers import LIMIT_MAX, Accepted
from foreshock.dashboard.arm_routes import ArmBody, DisarmBody
from foreshock.dashboard.bodies import HaltBody, Healthy, LoginLink, ResumeBody
from foreshock.dashboard.conversion_routes import Asked, ConvertBody
from foreshock.dashboard.conversions import ConversionView
from foreshock.dashboard.flow import FlowView
from foreshock.dashboard.ingest_routes import EVENTS_PATH, RELAY_PATH
from foreshock.dashboard.limit_routes import LimitBody, ReviewBody
from foreshock.dashboard.limits import LimitsView
from foreshock.dashboard.news import NewsView
from foreshock.dashboard.oracles import OraclesView
from foreshock.dashboard.pair_routes import SourcesBody, VerdictBody
from foreshock.dashboard.pair_views import (
    BoundView,
    MatchingView,
    PairDetailView,
    RelatedView,
    RelationView,
)
from foreshock.dashboard.signal_routes import ResetBody, ResetTaken, RestoreBody
from foreshock.dashboard.signal_views import (
    AlertView,
    LeadView,
    SignalsView,
    VolumeMarketView,
    VolumeView,
)
from foreshock.dashboard.spike_routes import SpikeBody
from foreshock.dashboard.told_from_outside import EventBody, RelayBody
from foreshock.dashboard.views import (
    AuditView,
    BookView,
    EdgeDetailView,
    EdgeView,
    ErrorView,
    OrderView,
    PackageView,
    PairView,
    RiskView,
    StateView,
    WhyView,
)
from foreshock.dashboard.watch_routes import TickerBody

Document: TypeAlias = dict[str, object]
Method: TypeAlias = Literal["get", "post"]
VERSION = "1"
GUARDED = "/api/"
COMPONENTS = "#/components/schemas/{name}"
TEXT: Document = {"type": "string"}
LIMIT: Document = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX}


class Operation(msgspec.Struct, frozen=True):
    """One route. answer: None for server-sent events. query: schemas of optional parameters."""

    method: Method
    path: str
    words: str
    answer: object
    body: object = None
    query: Mapping[str, Document] = {}


OPERATIONS: Sequence[Operation] = (
    Operation("get", "/api/state", "mode, halts, venues, money, counts", StateView),
    Operation(
        "get",
        "/api/edges",
        "edges, best net first",
        list[EdgeView],
        query={"status": {"enum": ["open", "refused", "withdrawn"]}, "pair": TEXT},
    ),
    Operation("get", "/api/edges/{id}", "one edge and the books of its legs", EdgeDetailView),
    Operation("get", "/api/pairs", "pairs that take part or were confirmed", list[PairView]),
    Operation("get", "/api/pairs/review", "what waits for a person", list[RelationView]),
    Operation(
        "get",
        "/api/pairs/relations",
        "every relation found that is worth a word, newest first",
        list[RelationView],
        query={"relation": TEXT, "decision": TEXT, "q": TEXT, "limit": LIMIT},
    ),
    Operation("get", "/api/pairs/bounds", "prices that break what holds", list[BoundView]),
    Operation("get", "/api/pairs/{id}", "both texts, clauses, payoffs, verdicts", PairDetailView),
    Operation("post", "/api/pairs/{id}/decide", "a person's verdict", Accepted, VerdictBody),
    Operation("post", "/api/sources", "whether two sources count as one", Accepted, SourcesBody),
    Operation("get", "/api/matching", "how far matching is", MatchingView),
    Operation("get", "/api/markets/{id}/book", "one market's book", BookView),
    Operation("get", "/api/markets/{id}/related", "neighbours of a market", list[RelatedView]),
    Operation(
        "get", "/api/packages", "packages, newest first", list[PackageView], query={"limit": LIMIT}
    ),
    Operation("get", "/api/orders", "orders, unknown ones first", list[OrderView]),
    Operation("get", "/api/risk", "limits, refusals, incidents, positions", RiskView),
    Operation("get", "/api/limits", "every limit, its changes, venue health", LimitsView),
    Operation("post", "/api/limits", "another limit; looser only when typed", Accepted, LimitBody),
    Operation("post", "/api/review", "a person looked at what was lost", Accepted, ReviewBody),
    Operation("get", "/api/health", "feeds, channels of notices, what is kept", HealthView),
    Operation(
        "get",
        "/api/alerts",
        "alerts and notices of the desk, newest first",
        list[NoticeView],
        query={
            "kind": TEXT,
            "level": TEXT,
            "severity_min": {"type": "integer", "minimum": 1, "maximum": 5},
            "state": {"enum": ["open", "acknowledged"]},
            "detected": {"enum": ["true", "false"]},
            "sort": {"enum": ["newest", "score"]},
            "q": TEXT,
            "limit": LIMIT,
        },
    ),
    Operation("get", "/api/notifiers", "channels of notices", list[NotifierView]),
    Operation("post", "/api/alerts/ack", "a person has seen an alert", Accepted, AckBody),
    Operation("post", "/api/alerts/test", "a test notice", Accepted, TestBody),
    Operation("post", RELAY_PATH, "an alert of a relay; its own token", Accepted, RelayBody),
    Operation("post", EVENTS_PATH, "an observation; its own token", Accepted, EventBody),
    Operation("post", "/api/demo/spike", "make up a spike; demo only", DemoSpikeView, SpikeBody),
    Operation("get", "/api/kalshi/markets", "the watch list", list[WatchedView]),
    Operation("post", "/api/kalshi/markets", "watch a name", Accepted, TickerBody),
    Operation("post", "/api/kalshi/markets/remove", "watch it no longer", Accepted, TickerBody),
    Operation(
        "get",
        "/api/kalshi/categories",
        "listed markets by category",
        list[CategoryView],
        query={"q": TEXT},
    ),
    Operation(
        "get",
        "/api/audit",
        "a page of the audit, newest first",
        AuditView,
        query={"q": TEXT, "before": TEXT, "limit": LIMIT},
    ),
    Operation(
        "get", "/api/news", "alerts and their news, newest first", NewsView, query={"limit": LIMIT}
    ),
    Operation("get", "/api/oracles", "sources, their values, what bets are worth", OraclesView),
    Operation(
        "get",
        "/api/flow",
        "trades and quotes as they come, and the tape of busy markets",
        FlowView,
        query={"q": TEXT, "limit": LIMIT},
    ),
    Operation("get", "/api/why/{id}", "the chain of causes", WhyView),
    Operation(
        "get",
        "/api/signals",
        "alerts by newest or score, leaders, gaps",
        SignalsView,
        query={"order": {"enum": ["newest", "score"]}, "limit": LIMIT},
    ),
    Operation("get", "/api/signals/{id}", "one alert", AlertView),
    Operation("get", "/api/leads", "who moves first in each pair", list[LeadView]),
    Operation(
        "get",
        "/api/volume",
        "the heatmap, most unusual first",
        VolumeView,
        query={"q": TEXT, "limit": LIMIT},
    ),
    Operation("get", "/api/volume/{id}", "one market's volume", VolumeMarketView),
    Operation(
        "post", "/api/reset-baselines", "discard what is usual, undoable", ResetTaken, ResetBody
    ),
    Operation("post", "/api/restore-baselines", "undo a reset", ResetTaken, RestoreBody),
    Operation("get", "/api/stream", "everything first, then what changed", None),
    Operation("post", "/api/arm", "trade with real money; the token only", Accepted, ArmBody),
    Operation("post", "/api/disarm", "stop trading; the token only", Accepted, DisarmBody),
    Operation(
        "get", "/api/conversions", "splits, merges, redemptions, newest first", list[ConversionView]
    ),
    Operation("get", "/api/conversions/{id}", "one of them", ConversionView),
    Operation(
        "post", "/api/conversions", "split, merge or redeem; the token only", Asked, ConvertBody
    ),
    Operation("post", "/api/halt", "stop what adds risk", Accepted, HaltBody),
    Operation("post", "/api/resume", "end a halt", Accepted, ResumeBody),
    Operation("post", "/api/logout", "end this session", Accepted),
    Operation("post", "/api/login-link", "a fresh link; the token only", LoginLink),
    Operation("post", "/api/stop", "end the desk; the token only", Accepted),
    Operation("get", "/api/openapi.json", "this description", dict),
    Operation("get", "/healthz", "whether the server answers; open to everybody", Healthy),
)


def document() -> Document:
    """The whole description, the same at every call."""
    shapes = [each.answer for each in OPERATIONS if each.answer is not None]
    shapes += [each.body for each in OPERATIONS if each.body is not None]
    shapes.append(ErrorView)
    schemas, components = msgspec.json.schema_components(shapes, ref_template=COMPONENTS)
    known = list(zip(shapes, schemas, strict=True))
    paths: dict[str, dict[str, Document]] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method] = _operation(each, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Foreshock", "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(each: Operation, known: Sequence[tuple[object, Document]]) -> Document:
    answer: Document = {"text/event-stream": {}}
    if each.answer is not None:
        answer = {"application/json": {"schema": _schema(each.answer, known)}}
    told: Document = {
        "summary": each.words,
        "parameters": _parameters(each),
        "responses": {
            "200": {"description": each.words, "content": answer},
            "default": {
                "description": "an error in words",
                "content": {"application/json": {"schema": _schema(ErrorView, known)}},
            },
        },
    }
    if not each.path.startswith(GUARDED):
        told["security"] = []
    if each.body is not None:
        content = {"application/json": {"schema": _schema(each.body, known)}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _parameters(each: Operation) -> list[Document]:
    found: list[Document] = [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in each.query.items()
    ]
    if "{id}" in each.path:
        schema = {"type": "string", "minLength": 1}
        found.append({"name": "id", "in": "path", "required": True, "schema": schema})
    return found


def _schema(shape: object, known: Sequence[tuple[object, Document]]) -> Document:
    return next(schema for each, schema in known if each == shape)
