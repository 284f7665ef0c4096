"""Can a pair be read and decided from a terminal, on exactly the texts that were read?"""

import csv
import io
import json

import msgspec
import pytest

from foreshock.app import pair_client
from foreshock.app.cli import pairs
from foreshock.app.cli.pair_lines import pair_lines, percent
from foreshock.app.pair_client import mark_of
from foreshock.core.domain.messages import matching as g
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.dashboard.pair_views import PairDetailView
from foreshock.dashboard.views import ErrorView
from tests.samples import market
from tests.trading import A, B, book
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk
from tests.unit.dashboard.told import Told, decided, related, reopened, sources_ruled, watching

DETAIL = "/api/pairs/pair-1"


@pytest.fixture
def told() -> Told:
    told = watching()
    told.tell(related(), g.PairNeedsReview("pair-1", A, B, "the sources differ"))
    return told


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test for a record that a fake never makes."""
    monkeypatch.setattr(pair_client, "PROOF_TRIES", 2)
    monkeypatch.setattr(pair_client, "PROOF_PAUSE_S", 0.0)


def detail(told: Told) -> PairDetailView:
    view = told.model.pair_pages.detail("pair-1")
    assert view is not None
    return view


def test_every_command_of_the_group_is_offered(command: Run) -> None:
    _, out, _ = command("pairs", "--help")
    for function in (pairs.review, pairs.show, pairs.accept, pairs.reject, pairs.block):
        assert f"  {function.__name__} " in out
    assert "allow-source" in out


def test_pairs_alone_shows_both_books(desk: FakeDesk, command: Run, told: Told) -> None:
    desk.lay("/api/pairs", told.model.pairs(told.now_us))
    code, out, _ = command("pairs", "-o", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert code == 0
    assert (row["id"], row["standing"], row["best net c/ct"]) == ("pair-1", "trading", "unknown")
    assert row["a book"].startswith("LIVE")


def test_the_queue_says_why_a_person_is_asked(desk: FakeDesk, command: Run) -> None:
    told = Told([related(), g.PairNeedsReview("pair-1", A, B, "the sources differ")])
    desk.lay("/api/pairs/review", told.model.pair_pages.review())
    code, out, _ = command("pairs", "review", "-o", "json")
    (row,) = json.loads(out)
    assert (code, row["id"], row["standing"]) == (0, "pair-1", "review")
    _, out, _ = command("pairs", "review")
    assert "the sources differ" in out
    assert "80.0 %" in out


def test_relations_can_be_narrowed(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/pairs/relations?decision=review&q=A%20is", [])
    code, _, _ = command("pairs", "relations", "--decision", "review", "--query", "A is")
    assert code == 0
    assert desk.asked[-1][1] == "/api/pairs/relations?decision=review&q=A%20is"


def test_prices_that_contradict_a_relation_say_what_to_hold_and_why(
    desk: FakeDesk, command: Run
) -> None:
    told = Told([MarketListed(market(A)), MarketListed(market(B))])
    told.tell(related(relation="subset", decision="reject"), book(A, 50, 52), book(B, 40, 41))
    desk.lay("/api/pairs/bounds", told.model.pair_pages.bounds())
    code, out, _ = command("pairs", "bounds", "-o", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (code, row["excess c/ct"], row["proven"]) == (0, "+9.00", "no")
    assert f"NO {A} at +50.00" in row["hold"]
    assert f"YES {B} at +41.00" in row["hold"]
    assert row["because"]


def test_a_pair_is_shown_with_texts_clauses_payoffs_history_and_mark(
    desk: FakeDesk, command: Run, told: Told
) -> None:
    told.tell(decided(), reopened())
    desk.lay(DETAIL, view := detail(told))
    code, out, _ = command("pairs", "show", "pair-1")
    assert code == 0
    assert view.a is not None
    for words in (
        view.a.rules,
        "source: the official source",
        "? source       unknown",
        "a YES, b YES: can be - both pay",
        "v1 accept by dashboard: both read to the end",
        "v1 reopened by polymarket:0xa: the rules of A changed <- counts now",
        f"seen: {mark_of(view)}",
    ):
        assert words in out
    _, out, _ = command("pairs", "show", "pair-1", "-o", "json")
    assert msgspec.json.decode(out, type=PairDetailView) == view


def test_a_pair_whose_market_is_not_listed_says_so() -> None:
    told = Told([g.PairRelated("pair-1", "A is B", related().comparison, related().terms)])
    lines = pair_lines(detail(told))
    assert f"a  {A}: not listed" in lines
    assert not any(line.startswith("seen:") for line in lines)
    assert percent(None) == "unknown"


def test_a_verdict_goes_out_with_the_texts_and_comes_back_with_its_version(
    desk: FakeDesk, command: Run, told: Told
) -> None:
    before = detail(told)
    told.tell(decided(version=3))
    after = detail(told)
    desk.lay(DETAIL, before)
    desk.lay_once_asked(f"{DETAIL}/decide", DETAIL, after)
    code, _, err = command("pairs", "accept", "pair-1", "--note", "read", "--by", "Ada")
    assert (code, err) == (0, "pair-1: accept by dashboard, version 3\n")
    body = next(data for _, path, data in desk.asked if path == f"{DETAIL}/decide")
    assert before.a is not None
    assert before.b is not None
    assert json.loads(body) == {
        "verdict": "accept",
        "relation": None,
        "by": "Ada",
        "note": "read",
        "terms": {"a": before.a.terms, "b": before.b.terms},
    }


def test_a_text_that_changed_since_it_was_read_stops_the_verdict_before_it_leaves(
    desk: FakeDesk, command: Run, told: Told
) -> None:
    desk.lay(DETAIL, detail(told))
    code, _, err = command("pairs", "accept", "pair-1", "--seen", "0123456789abcdef", "-o", "json")
    assert code == 2, "accept has no output to shape"
    code, _, err = command("pairs", "accept", "pair-1", "--seen", "0123456789abcdef")
    assert code == 1
    assert "nothing was decided" in err
    assert all(method == "GET" for method, _, _ in desk.asked)


def test_a_verdict_that_is_not_on_record_is_never_claimed(
    desk: FakeDesk, command: Run, told: Told
) -> None:
    desk.lay(DETAIL, detail(told))
    code, _, err = command("pairs", "reject", "pair-1")
    assert code == 1
    assert "has not put it on record" in err


def test_the_desks_own_refusal_is_passed_on(desk: FakeDesk, command: Run, told: Told) -> None:
    desk.lay(DETAIL, detail(told))
    refused = ErrorView("NOTE_NEEDED", "a block needs a note", "say why", retryable=False)
    desk.lay(f"{DETAIL}/decide", refused, 422)
    code, _, err = command("pairs", "block", "pair-1", "--note", " ")
    assert (code, err) == (1, "error: a block needs a note\nhelp: say why\n")


def test_a_block_without_a_note_is_a_usage_error(desk: FakeDesk, command: Run) -> None:
    assert command("pairs", "block", "pair-1")[0] == 2
    assert desk.asked == []


def test_an_unknown_pair_is_named(desk: FakeDesk, command: Run) -> None:
    view = ErrorView("NOT_FOUND", "nothing is known about m-1", "", retryable=False)
    desk.lay("/api/pairs/m-1", view, 404)
    code, _, err = command("pairs", "show", "m-1")
    assert (code, err) == (1, "error: nothing is known about m-1\n")


def test_sources_are_allowed_once_the_list_shows_them(desk: FakeDesk, command: Run) -> None:
    told = Told([sources_ruled()])
    desk.lay("/api/matching", told.model.pair_pages.matching())
    code, _, err = command("pairs", "allow-source", "https://a.test", "https://b.test")
    assert code == 0
    assert "count as one source" in err
    code, _, err = command("pairs", "allow-source", "https://a.test", "https://b.test", "--undo")
    assert code == 1, "the list still shows them"
    _, out, _ = command("pairs", "matching")
    assert "one source: https://a.test = https://b.test (dashboard) one agency" in out
