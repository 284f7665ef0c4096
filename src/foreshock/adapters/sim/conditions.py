"""What happens to requests and frames between a client and a simulated venue, on request?

Rules are ordered by a test or a person and apply exactly as ordered, first come first served;
nothing is drawn at random. The venue itself knows nothing of them: what it accepted stays
accepted, whatever became of its answer.
"""

from collections import Counter
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.face import VenueFace
from foreshock.core.domain.units import Duration, Instant

RequestEffect: TypeAlias = Literal[
    "delay_request",
    "drop_request",
    "answer_instead",
    "delay_answer",
    "drop_answer",
    "replace_answer",
]
"""The first three strike before the venue sees the request, the others after it has acted."""
FrameEffect: TypeAlias = Literal["drop", "duplicate", "delay"]
"""A delayed frame arrives after younger ones: it is stale."""
ATTEMPTS_KEPT_MAX = 10_000
"""Different requests counted one by one; what comes after them is counted together."""
OTHER_ATTEMPTS = "other requests"


class RequestRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to happen to requests that match.

    method: "" matches any. path: what the path starts with, query excluded. after: matching
    requests that pass first. count: how often it strikes then; None until cleared.
    status, headers, body: of `answer_instead` and `replace_answer`.
    """

    effect: RequestEffect
    method: str = ""
    path: str = ""
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    count: int | None = 1
    delay_us: Annotated[int, msgspec.Meta(ge=0)] = 0
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 500
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def matches(self, request: HttpRequest) -> bool:
        """Whether the rule speaks of this request."""
        bare = request.path.partition("?")[0]
        return self.method in {"", request.method} and bare.startswith(self.path)


class FrameRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to happen to frames that contain a text, on one stream or on all (None)."""

    effect: FrameEffect
    containing: str = ""
    connection: int | None = None
    count: int | None = 1
    delay_us: Annotated[int, msgspec.Meta(ge=0)] = 0

    def matches(self, connection: int, text: str) -> bool:
        """Whether the rule speaks of this frame."""
        return self.connection in {None, connection} and self.containing in text


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """What awaits one request. instead: the answer without asking; replaced: despite asking."""

    request_delay: Duration = Duration(0)
    is_request_lost: bool = False
    instead: HttpResponse | None = None
    answer_delay: Duration = Duration(0)
    is_answer_lost: bool = False
    replaced: HttpResponse | None = None


CLEAR = Passage()
Said = TypeVar("Said", RequestRule, FrameRule)


class Rule(Generic[Said]):
    """A rule in force: what it says, how many matches pass first, how often it strikes yet."""

    __slots__ = ("_left", "_passing", "said")

    def __init__(self, said: Said, passing: int, count: int | None) -> None:
        self.said = said
        self._passing = passing
        self._left = count

    def strikes(self) -> bool:
        """Whether this match is struck; counts it."""
        if self._passing:
            self._passing -= 1
            return False
        if self._left is None:
            return True
        self._left = max(self._left, 0) - 1
        return self._left >= 0


class Conditions:
    """The rules in force at one host, and how often each request was tried."""

    def __init__(self) -> None:
        self.attempts: Counter[str] = Counter()
        self._request_rules: list[Rule[RequestRule]] = []
        self._frame_rules: list[Rule[FrameRule]] = []
        self._delayed: list[tuple[Instant, int, str]] = []

    def add_request_rule(self, rule: RequestRule) -> None:
        """In force until used up or cleared."""
        self._request_rules.append(Rule(rule, rule.after, rule.count))

    def add_frame_rule(self, rule: FrameRule) -> None:
        """In force until used up or cleared."""
        self._frame_rules.append(Rule(rule, 0, rule.count))

    def clear(self) -> None:
        """Forget every rule; frames under way still arrive."""
        self._request_rules.clear()
        self._frame_rules.clear()

    def passage(self, request: HttpRequest) -> Passage:
        """What awaits this request; counts it, and uses up the rules that strike."""
        self._count(request)
        changes: dict[str, object] = {}
        for rule in self._request_rules:
            if rule.said.matches(request) and rule.strikes():
                changes |= _change(rule.said)
        return Passage(**changes) if changes else CLEAR  # pyright: ignore[reportArgumentType]  # keys are field names

    def frames(self, connection: int, text: str, now_us: Instant) -> list[str]:
        """What arrives now in place of a frame: nothing, itself, or itself twice."""
        for rule in self._frame_rules:
            if rule.said.matches(connection, text) and rule.strikes():
                if rule.said.effect == "delay":
                    due_us = Instant(now_us + rule.said.delay_us)
                    self._delayed.append((due_us, connection, text))
                return [text, text] if rule.said.effect == "duplicate" else []
        return [text]

    def take_late_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Delayed frames that are due."""
        due = [(connection, text) for at_us, connection, text in self._delayed if at_us <= now_us]
        self._delayed = [late for late in self._delayed if late[0] > now_us]
        return due

    def _count(self, request: HttpRequest) -> None:
        key = f"{request.method} {request.path.partition('?')[0]}"
        is_known = key in self.attempts or len(self.attempts) < ATTEMPTS_KEPT_MAX
        self.attempts[key if is_known else OTHER_ATTEMPTS] += 1


def answer_under(
    passage: Passage, face: VenueFace, request: HttpRequest, now_us: Instant
) -> HttpResponse:
    """The answer to a request that arrived: the face's own, unless another was ordered."""
    if passage.instead is not None:
        return passage.instead
    answer = face.handle(request, now_us)
    return answer if passage.replaced is None else passage.replaced


def _change(rule: RequestRule) -> dict[str, object]:
    changes: dict[RequestEffect, dict[str, object]] = {
        "delay_request": {"request_delay": Duration(rule.delay_us)},
        "drop_request": {"is_request_lost": True},
        "answer_instead": {"instead": _answer(rule)},
        "delay_answer": {"answer_delay": Duration(rule.delay_us)},
        "drop_answer": {"is_answer_lost": True},
        "replace_answer": {"replaced": _answer(rule)},
    }
    return changes[rule.effect]


def _answer(rule: RequestRule) -> HttpResponse:
    return HttpResponse(rule.status, rule.body.encode(), rule.headers)
