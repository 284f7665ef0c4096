"""Within one venue's real catalogue no two markets are the same bet, unless one was listed twice."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import pytest

from foreshock.core.matching.compare import compare
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.reading import Reading, read
from tests.unit.core.matching.written import kalshi, poly

MARKETS = Path(__file__).resolve().parents[5] / "shared" / "data" / "markets"
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


def grouped(contracts: Iterator[ContractText]) -> Iterator[list[Reading]]:
    """Readings that say the same words: only they could be accepted as one."""
    groups: defaultdict[frozenset[tuple[str, str]], list[Reading]] = defaultdict(list)
    for contract in contracts:
        reading = read(contract)
        groups[frozenset(atom.key for atom in reading.atoms)].append(reading)
    yield from groups.values()


@pytest.mark.parametrize(
    "catalogue",
    [polymarket_2026, polymarket_2024, kalshi_2026],
    ids=["polymarket 2026", "polymarket 2024", "kalshi 2026"],
)
def test_only_what_was_listed_twice_is_the_same_bet(catalogue: Any) -> None:  # noqa: ANN401 - one of the three above
    read_count = 0
    for group in grouped(catalogue()):
        read_count += len(group)
        for a, b in islice(combinations(group, 2), GROUP_PAIRS_MAX):
            found = compare(a, b)
            if found.decision == "accept" and found.relation == "identity":
                assert a.contract.title == b.contract.title, found.reason
    assert read_count > 800
