"""Which contracts did people label, and what else was listed around them?

The labelled pairs and four catalogues are third parties' recordings that the project does not
carry. Where `../shared/data` is absent there is nothing to measure on.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.contract import ContractText

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TARGETS = frozenset({"equivalent", "inverse", "near_equivalent"})


class Labelled(NamedTuple):
    """Pairs to be found, each with its family, and every contract of each venue."""

    targets: list[tuple[ContractText, ContractText, str]]
    listed: dict[str, list[ContractText]]


def labelled() -> Labelled | None:
    """Everything there is, None where it is absent."""
    path = DATA / "pairs" / "labelled_pairs_dev.jsonl"
    if not path.is_file():
        return None
    pool: dict[MarketId, ContractText] = {}
    targets: list[tuple[ContractText, ContractText, str]] = []
    for line in path.read_text(encoding="utf8").splitlines():
        row = json.loads(line)
        a, b = (_kept(pool, _side(row, side)) for side in "ab")
        if row["label"] in TARGETS:
            targets.append((a, b, row["family"]))
    for contract in (*_kalshi(), *_polymarket()):
        _kept(pool, contract)
    listed: dict[str, list[ContractText]] = {}
    for contract in pool.values():
        listed.setdefault(contract.venue, []).append(contract)
    return Labelled(targets, listed)


def _kept(pool: dict[MarketId, ContractText], contract: ContractText) -> ContractText:
    return pool.setdefault(contract.id, contract)


def _side(row: dict[str, Any], side: str) -> ContractText:
    """One contract of a row; where the row has no id, its title stands for it."""
    title = row[f"title_{side}"]
    return _contract(row[f"venue_{side}"], row[f"id_{side}"] or title, title=title)


def _kalshi() -> Iterator[ContractText]:
    for name, ticker in (
        ("kalshi_events_2026-03-01.json", "ticker"),
        ("kalshi_events_with_rules_2026-02-14.json", "ticker_name"),
    ):
        for event in _json(name):
            for market in event["markets"]:
                yield _contract(
                    "kalshi",
                    market[ticker],
                    title=market.get("title") or event["title"],
                    yes_label=market.get("yes_sub_title"),
                    event_title=event["title"],
                    category=event["category"],
                )


def _polymarket() -> Iterator[ContractText]:
    for event in _json("polymarket_events_2026-03-01.json"):
        for market in event["markets"]:
            yield _gamma(market, event["title"])
    for market in _json("polymarket_markets_2026-02-14.json"):
        yield _gamma(market, "")
    with gzip.open(DATA / "markets" / "polymarket_2024_jan_aug.jsonl.gz", "rt") as lines:
        for line in lines:
            yield _gamma(json.loads(line), "")


def _gamma(market: dict[str, Any], event_title: str) -> ContractText:
    return _contract(
        "polymarket",
        market["id"],
        title=market["question"],
        slug=market.get("slug"),
        group_item=market.get("groupItemTitle"),
        event_title=event_title,
    )


def _contract(venue: str, native: str, title: str, **fields: str | None) -> ContractText:
    known = {name: value for name, value in fields.items() if value}
    plain = ContractText(id=MarketId(f"{venue}:{native}"), venue=venue, title=title)
    return msgspec.structs.replace(plain, **known)


def _json(name: str) -> list[dict[str, Any]]:
    """A list of bodies; some recordings wrap it, one is not UTF-8."""
    raw = (DATA / "markets" / name).read_bytes()
    try:
        body: Any = json.loads(raw)
    except UnicodeDecodeError:
        body = json.loads(raw.decode("cp1252"))
    if isinstance(body, dict):
        wrapped = cast("dict[str, list[dict[str, Any]]]", body)
        return wrapped.get("events") or wrapped["markets"]
    return cast("list[dict[str, Any]]", body)
