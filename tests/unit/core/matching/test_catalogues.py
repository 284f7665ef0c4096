"""Within one venue's real catalogue no two markets are the same bet, unless one was listed twice."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path
from typing import Any, cast

import pytest

from foreshock.core.matching.compare import compare
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.reading import Reading, read
from tests.unit.core.matching.written import kalshi, poly

SHARED = Path(__file__).resolve().parents[5] / "shared"
MARKETS = SHARED / "data" / "markets"
WIRE = SHARED / "wire" / "kalshi"
GROUP_PAIRS_MAX = 2_000

pytestmark = pytest.mark.skipif(not MARKETS.is_dir(), reason="../shared/data/markets is not here")


def loaded(name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads((MARKETS / name).read_text(encoding="utf8"))


def polymarket_2026() -> Iterator[ContractText]:
    for event in loaded("polymarket_events_2026-03-01.json"):
        for market in event["markets"]:
            yield poly(market["question"], market["end_date"], slug=market["slug"])


def polymarket_2024() -> Iterator[ContractText]:
    path = MARKETS / "polymarket_2024_jan_aug.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            market = json.loads(line)
            yield poly(market["question"], market.get("endDate"))


def kalshi_2026() -> Iterator[ContractText]:
    for event in loaded("kalshi_events_2026-03-01.json"):
        for market in event["markets"]:
            label = market.get("yes_sub_title") or ""
            yield kalshi(market["ticker"], market["title"], market["close_time"], label=label)


def kalshi_wire() -> Iterator[ContractText]:
    found = {market["ticker"]: market for node in recorded() for market in markets_in(node)}
    for ticker, market in found.items():
        label = market.get("yes_sub_title") or ""
        yield kalshi(ticker, market["title"], market["close_time"], label=label)


def recorded() -> Iterator[Any]:
    for path in sorted(WIRE.rglob("*.json")):
        try:
            yield json.loads(path.read_text(encoding="utf8"))
        except ValueError:
            continue  # a few recordings are JSON lines


def markets_in(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(node, list):
        for item in cast("list[Any]", node):
            yield from markets_in(item)
    elif isinstance(node, dict):
        known = cast("dict[str, Any]", node)
        if {"ticker", "title", "close_time"} <= known.keys():
            yield known
        for value in known.values():
            yield from markets_in(value)


def grouped(contracts: Iterator[ContractText]) -> Iterator[list[Reading]]:
    """Readings that say the same words: only they could be accepted as one."""
    groups: defaultdict[object, list[Reading]] = defaultdict(list)
    for contract in contracts:
        reading = read(contract)
        sides = frozenset(map(str, reading.fixture.sides)) if reading.fixture else frozenset[str]()
        groups[frozenset(atom.key for atom in reading.atoms), sides].append(reading)
    yield from groups.values()


@pytest.mark.parametrize(
    "catalogue",
    [polymarket_2026, polymarket_2024, kalshi_2026, kalshi_wire],
    ids=["polymarket 2026", "polymarket 2024", "kalshi 2026", "kalshi wire"],
)
def test_only_what_was_listed_twice_is_the_same_bet(catalogue: Any) -> None:  # noqa: ANN401 - one of the four above
    read_count = 0
    for group in grouped(catalogue()):
        read_count += len(group)
        for a, b in islice(combinations(group, 2), GROUP_PAIRS_MAX):
            found = compare(a, b)
            if found.decision == "accept" and found.relation == "identity":
                assert a.contract.title == b.contract.title, found.reason
                assert a.contract.yes_label == b.contract.yes_label, found.reason
    assert read_count > 800
