"""What answers under the paths of pairs? Lists, one pair with both texts, a person's verdict."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.markets import MarketId, Relation
from foreshock.core.domain.messages.matching import SourcesRequested, Verdict, VerdictRequested
from foreshock.core.domain.terms import Terms
from foreshock.dashboard.answers import (
    QUERY_CHARS_MAX,
    Accepted,
    body_of,
    caller_of,
    json_answer,
    limit_of,
    reader,
    refusal,
)
from foreshock.dashboard.pair_pages import PairPages

RELATIONS_DEFAULT = 200
NOTE_CHARS_MAX = 1_000
BY_CHARS_MAX = 80
SOURCE_CHARS_MAX = 500
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


class Verdicts(Protocol):
    """What a person may ask of the matcher; the matcher decides and journals."""

    def decide(self, request: VerdictRequested) -> None: ...

    def rule_sources(self, request: SourcesRequested) -> None: ...


class VerdictBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/pairs/{id}/decide. terms: of both contracts, as shown to whoever decides."""

    verdict: Verdict
    terms: Terms
    relation: Relation | None = None
    by: str = ""
    note: str = ""


class SourcesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/sources. are_same: whether both count as one from now on."""

    a: str
    b: str
    are_same: bool
    by: str = ""
    note: str = ""


def pair_routes(pages: PairPages, commands: Verdicts) -> list[BaseRoute]:
    """Every route of pairs; the narrow paths stand before the one that takes any id."""
    views: dict[str, Callable[[Request], object]] = {
        "/api/pairs/review": lambda _: pages.review(),
        "/api/pairs/relations": lambda r: pages.relations(
            r.query_params.get("relation"),
            r.query_params.get("decision"),
            r.query_params.get("q", "")[:QUERY_CHARS_MAX],
            limit_of(r, RELATIONS_DEFAULT),
        ),
        "/api/pairs/bounds": lambda _: pages.bounds(),
        "/api/pairs/{id:path}": lambda r: pages.detail(r.path_params["id"]),
        "/api/matching": lambda _: pages.matching(),
        "/api/markets/{id:path}/related": lambda r: pages.related(MarketId(r.path_params["id"])),
    }
    reading: list[BaseRoute] = [Route(path, reader(view)) for path, view in views.items()]
    return [*_commanding(pages, commands), *reading]


def _commanding(pages: PairPages, commands: Verdicts) -> list[BaseRoute]:
    async def decide(request: Request) -> Response:
        body = await body_of(request, VerdictBody)
        pair_id = request.path_params["id"]
        _check(pages, pair_id, body)
        asked = VerdictRequested(
            pair_id=pair_id,
            verdict=body.verdict,
            relation=body.relation,
            by=_by(request, body.by),
            note=body.note.strip()[:NOTE_CHARS_MAX],
            terms=body.terms,
        )
        commands.decide(asked)
        return json_answer(Accepted())

    async def rule(request: Request) -> Response:
        body = await body_of(request, SourcesBody)
        sources = (body.a.strip(), body.b.strip())
        if (
            not all(sources)
            or sources[0] == sources[1]
            or max(map(len, sources)) > SOURCE_CHARS_MAX
        ):
            message = f"two different sources of at most {SOURCE_CHARS_MAX} characters are needed"
            raise refusal(UNFIT, "BAD_SOURCES", message, "as the two markets of a pair state them")
        asked = SourcesRequested(
            sources=sources,
            are_same=body.are_same,
            by=_by(request, body.by),
            note=body.note.strip()[:NOTE_CHARS_MAX],
        )
        commands.rule_sources(asked)
        return json_answer(Accepted())

    return [
        Route("/api/pairs/{id:path}/decide", decide, methods=["POST"]),
        Route("/api/sources", rule, methods=["POST"]),
    ]


def _check(pages: PairPages, pair_id: str, body: VerdictBody) -> None:
    """Tell a person now what the matcher would refuse a moment later. Raises Refused."""
    shown = pages.detail(pair_id)
    if shown is None:
        known = pair_id[:QUERY_CHARS_MAX]
        raise refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"there is no pair {known}")
    terms = pages.terms(pair_id)
    if terms is None:
        message = "a market of this pair is not listed: nobody can have read both texts"
        raise refusal(UNFIT, "UNKNOWN_MARKET", message, "wait until both are shown")
    if terms != body.terms:
        message = "a text changed since it was read: nothing was decided"
        raise refusal(HTTPStatus.CONFLICT, "TERMS_CHANGED", message, "read both texts again")
    if body.verdict == "accept" and body.relation is None and not pages.is_relation_known(pair_id):
        message = "the rules found neither identity nor complement"
        raise refusal(UNFIT, "RELATION_NEEDED", message, "say which of the two it is")
    is_against = body.verdict == "accept" and shown.decision == "reject"
    if (is_against or body.verdict == "block") and not body.note.strip():
        message = "a block, or a verdict against the rules' own, needs a note"
        raise refusal(UNFIT, "NOTE_NEEDED", message, "say in a few words why")


def _by(request: Request, name: str) -> str:
    """Who decides: the name given, and the way it came in."""
    caller, given = caller_of(request), name.strip()[:BY_CHARS_MAX]
    return f"{given} ({caller})" if given else caller
