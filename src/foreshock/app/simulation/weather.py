"""What can happen to a byte between a desk and a host? Chances, drawn anew for each request.

All zeros is fine weather. Chances are shares of requests or frames; delays are in seconds.
"""

import random
from collections.abc import Callable
from typing import TypeAlias

import msgspec

LATENCY_S = (0.008, 0.045)
"""One way, in fine weather."""
STATUSES_BEFORE = (429, 500, 502, 503, 504, 425)
STATUSES_AFTER = (500, 502, 503, 504)
BODIES = (b"", b"{}", b"<html>bad gateway</html>", b'{"error":"internal"}', b'{"order"', b"null")


class Weather(msgspec.Struct, kw_only=True):
    """The chances of one host now.

    error_after: the venue acted, its answer is a 5xx all the same. frame_stamp: a frame of another
    hour. book_lie: books by REST that never were. is_down: nothing passes, in either direction.
    is_silent: its streams say nothing but pongs.
    """

    request_lost: float = 0.0
    answer_lost: float = 0.0
    request_late: float = 0.0
    answer_late: float = 0.0
    late_s: tuple[float, float] = (0.3, 8.0)
    request_twice: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    answer_spoiled: float = 0.0
    connect_refused: float = 0.0
    frame_lost: float = 0.0
    frame_twice: float = 0.0
    frame_late: float = 0.0
    frame_stamp: float = 0.0
    book_lie: float = 0.0
    is_down: bool = False
    is_silent: bool = False


class Passage(msgspec.Struct, frozen=True):
    """What awaits one request. there_s, back_s: delays. faults: their names, as counted."""

    there_s: float
    back_s: float
    is_lost: bool = False
    is_answer_lost: bool = False
    again_s: float | None = None
    status_before: int | None = None
    status_after: int | None = None
    body: bytes | None = None
    is_lie: bool = False
    faults: tuple[str, ...] = ()


class Luck(msgspec.Struct, frozen=True):
    """What a change is drawn from. there_s, back_s: the delays so far."""

    weather: Weather
    rng: random.Random
    there_s: float
    back_s: float

    def late_s(self) -> float:
        """How much later."""
        return self.rng.uniform(*self.weather.late_s)


Change: TypeAlias = Callable[[Luck], dict[str, object]]
CHANGES: tuple[tuple[str, str, Change], ...] = (
    ("request_lost", "request lost", lambda _: {"is_lost": True}),
    ("answer_lost", "answer lost", lambda _: {"is_answer_lost": True}),
    ("request_late", "request late", lambda of: {"there_s": of.there_s + of.late_s()}),
    ("answer_late", "answer late", lambda of: {"back_s": of.back_s + of.late_s()}),
    ("request_twice", "request twice", lambda of: {"again_s": of.there_s + of.late_s()}),
    (
        "error_before",
        "error before acceptance",
        lambda of: {"status_before": of.rng.choice(STATUSES_BEFORE)},
    ),
    (
        "error_after",
        "error after acceptance",
        lambda of: {"status_after": of.rng.choice(STATUSES_AFTER)},
    ),
    ("book_lie", "book lie", lambda _: {"is_lie": True}),
    ("answer_spoiled", "answer spoiled", lambda of: {"body": of.rng.choice(BODIES)}),
)
"""Chance, the fault's name in reports, and what it does to a passage."""


def draw(weather: Weather, rng: random.Random) -> Passage:
    """What awaits the next request."""
    luck = Luck(weather, rng, rng.uniform(*LATENCY_S), rng.uniform(*LATENCY_S))
    if weather.is_down:
        return Passage(luck.there_s, luck.back_s, is_lost=True, faults=("link down",))
    made: dict[str, object] = {"there_s": luck.there_s, "back_s": luck.back_s}
    faults: list[str] = []
    for name, fault, change in CHANGES:
        chance: float = getattr(weather, name)
        if chance and rng.random() < chance:
            faults.append(fault)
            made |= change(luck)
    if not faults:
        return Passage(luck.there_s, luck.back_s)
    return msgspec.convert({**made, "faults": tuple(faults)}, Passage)
