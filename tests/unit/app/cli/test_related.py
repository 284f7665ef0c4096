"""What hangs together is told with its reasons, for a person and for a program."""

import json
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.storage.projections import Projections
from foreshock.adapters.storage.rows import book_row, rows_of
from foreshock.app.cli import related as command_module
from foreshock.app.exits import Exit
from foreshock.app.projector import DATABASE_NAME
from foreshock.app.related import lines, related_view
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookChanged, MarketListed
from foreshock.core.domain.messages.matching import PairRelated
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Instant, Price, Quantity
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.unit.app.cli.conftest import Run

RUN = "20261121T000000000000Z-demo"


def found(a: str, relation: RelationKind, b: str, *, is_tradable: bool = True) -> PairRelated:
    comparison = Comparison(
        a=MarketId(a),
        b=MarketId(b),
        relation=relation,
        decision="accept",
        confidence_ppm=950_000,
        clauses=(),
        payoffs=(),
        reason="",
        is_tradable=is_tradable,
        refusals=(),
        matcher="1",
    )
    return PairRelated(f"{a}={b}", "label", comparison, Terms("1", "1"))


def book(name: str, bid: int, ask: int) -> BookChanged:
    """In cents."""
    one = Quantity(1)
    bids, asks = (((Price(cents * 10_000), one),) for cents in (bid, ask))
    return BookChanged(MarketId(name), 1, "live", Instant(5), Instant(5), bids, asks)


STORY: list[Message] = [
    *(MarketListed(market(f"kalshi:{n}")) for n in "ABC"),
    *(
        MarketListed(msgspec.structs.replace(market(f"polymarket:{n}"), exclusive_group="E"))
        for n in "AB"
    ),
    found("polymarket:A", "identity", "kalshi:A"),
    found("kalshi:A", "subset", "kalshi:C", is_tradable=False),
]
BOOKS = [book("polymarket:A", 50, 52), book("kalshi:C", 40, 42), book("kalshi:A", 41, 43)]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    (tmp_path / "runs" / RUN).mkdir(parents=True)
    tell(tmp_path, STORY, BOOKS)
    return tmp_path


def tell(home: Path, messages: list[Message], books: list[BookChanged]) -> None:
    projections = Projections(home / DATABASE_NAME)
    for step, message in enumerate(messages, 1):
        projections.add(rows_of(RUN, step, Entry(0, None, OUTSIDE, message), Instant(step)))
    projections.add(book_row(RUN, each, Instant(9)) for each in books)
    projections.flush()
    projections.close()


def test_the_command_is_offered(command: Run) -> None:
    assert f"  {command_module.related.__name__} " in command("--help")[1]


def test_a_market_is_told_with_its_event_relations_and_broken_bounds(
    stored: Path, command: Run
) -> None:
    assert (stored / DATABASE_NAME).is_file()
    code, out, err = command("related", "polymarket:A")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "polymarket:A: Will A happen?",
        "event of 2 markets, at most one of which pays",
        "disjoint 100 % polymarket:B: Will B happen?",
        "    polymarket:A is in one exclusive event with polymarket:B",
        "identity 95 % kalshi:A: Will A happen?",
        "    polymarket:A is the same bet as kalshi:A",
        "subset 90 % kalshi:C: Will C happen?",
        "    polymarket:A is the same bet as kalshi:A",
        "    kalshi:A can only pay when so does kalshi:C",
        "bound broken by $0.08 before any cost, not proven, 90 %: "
        "buy YES of kalshi:C at $0.42 and buy NO of polymarket:A at $0.50",
        "    polymarket:A is the same bet as kalshi:A",
        "    kalshi:A can only pay when so does kalshi:C",
        "bound broken by $0.07 before any cost, proven or confirmed, 95 %: "
        "buy YES of kalshi:A at $0.43 and buy NO of polymarket:A at $0.50",
        "    polymarket:A is the same bet as kalshi:A",
    ]


def test_programs_get_the_whole_view(stored: Path, command: Run) -> None:
    view = json.loads(command("related", "kalshi:C", "--hops", "1", "-o", "json")[1])
    assert [line["market"] for line in view["related"]] == ["kalshi:A"]
    assert [line["relation"] for line in view["related"]] == ["superset"]
    assert [bound["excess_micros"] for bound in view["bounds_broken"]] == [80_000]
    assert view["run"] == RUN
    assert stored.is_dir()


def test_without_a_market_what_is_wrong_in_the_run_is_told(stored: Path, command: Run) -> None:
    tell(stored, [*STORY, found("polymarket:B", "identity", "kalshi:A")], [])
    code, out, _ = command("related")
    assert code == 0
    assert out.startswith(f"run {RUN}\n")
    assert out.count("CONTRADICTION, none of it is used: ") == 1
    assert "same bet as kalshi:A" in out
    assert "bound broken" not in out


def test_a_market_alone_and_an_unknown_one_are_told_apart(stored: Path, command: Run) -> None:
    assert command("related", "kalshi:B")[1].splitlines()[1:] == ["nothing is known to relate"]
    code, out, err = command("related", "kalshi:nowhere")
    assert (code, out) == (Exit.FAILED, "")
    assert "lists no market kalshi:nowhere" in err
    assert stored.is_dir()


def test_without_a_recording_the_person_is_told_how_to_make_one(command: Run) -> None:
    code, _, err = command("related")
    assert code == Exit.CONFIG
    assert "foreshock demo" in err


def test_no_more_is_listed_than_asked_for(stored: Path) -> None:
    view = related_view(stored / DATABASE_NAME, RUN, "polymarket:A", 4, 1)
    assert view is not None
    assert (len(view.related), len(view.bounds_broken)) == (1, 1)
    assert lines(view)[0] == "polymarket:A: Will A happen?"
