"""Where each split, merge and redemption stands, and who may ask for one."""

from http import HTTPStatus

import msgspec
import pytest

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import MICRO, Duration, Instant
from foreshock.core.engine import Entry
from foreshock.dashboard.conversions import CONVERSIONS_MAX, Conversions, ConversionView
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.readmodel import ReadModel
from tests.trading import START, A, contracts, dollars
from tests.unit.dashboard.conversions_told import conversion_messages
from tests.unit.dashboard.site import BEARER, Site
from tests.unit.dashboard.told import started

BODY = {
    "kind": "split",
    "market": str(A),
    "quantity_micros": 10 * MICRO,
    "confirm": "split",
}
ASKED = c.ConversionRequested("s1", "split", A, contracts(10), "command line")


def live_site() -> Site:
    config = {"band": "LIVE - real money", "live_venues": ["polymarket"]}
    return Site(begun=DeskStarted("0.1.0", "abc", "live", msgspec.json.encode(config).decode()))


def told(*messages: Message) -> ConversionView:
    """How the first one stands after these messages."""
    found = Conversions(Ledger(), Markets())
    for number, message in enumerate((ASKED, *messages)):
        found.hear(message, Instant(START + number))
    view = found.view("s1")
    assert view is not None
    return view


def verdict(word: c.ConversionVerdict) -> c.ConversionTold:
    return c.ConversionTold(
        conversion_id="s1", verdict=word, words="STATE", transaction_id="t-1", tx_hash="0xab"
    )


def closed(outcome: c.ConversionOutcome) -> c.ConversionClosed:
    return c.ConversionClosed(
        conversion_id="s1",
        kind="split",
        market=A,
        quantity=contracts(10),
        ours=contracts(10),
        outcome=outcome,
        words="as it is",
    )


def test_each_message_leads_to_its_state() -> None:
    signed, send = c.ConversionPrepared("s1", 7, "ab"), c.SendConversion("s1", A)
    assert told().state == "asked"
    assert told(signed).state == "signed"
    assert told(signed, send).state == "sent"
    assert told(signed, send, verdict("pending")).state == "pending"
    assert told(signed, send, verdict("unknown")).state == "unknown"
    assert told(signed, send, verdict("spent")).state == "spent"
    for outcome in ("confirmed", "failed", "taken_over"):
        view = told(signed, send, verdict("pending"), closed(outcome))
        assert (view.state, view.words, view.tx_hash) == (outcome, "as it is", "0xab")


def test_a_refusal_keeps_its_code_and_what_comes_later_changes_nothing() -> None:
    refused = c.ConversionRefused("s1", Refusal("HALTED", "all was halted"))
    view = told(refused, c.ConversionPrepared("s1", 7, "ab"))
    assert (view.state, view.code, view.words) == ("refused", "HALTED", "all was halted")


def test_a_split_moves_the_dashboards_cash_into_positions() -> None:
    model = ReadModel()
    for step, message in enumerate([started(), *conversion_messages()], 1):
        model.listen(step, Entry(0, None, "outside", message), START)
    held = {p.outcome: p.quantity_micros for p in model.risk(START).positions}
    assert held == {"yes": contracts(10), "no": contracts(10)}
    (account,) = [a for a in model.state(START).accounts if a.venue == "polymarket"]
    assert account.cash_micros == dollars(490)
    assert account.held_cost_micros == dollars(10)
    (view,) = model.conversions.views()
    assert (view.state, view.transaction_id) == ("confirmed", "t-1")


def test_one_that_an_earlier_run_left_open_is_shown() -> None:
    model = ReadModel()
    memory = DeskMemory(conversions=((ASKED, c.SendConversion("s1", A)),))
    restored = DeskRestored("before", 7, memory, Duration(0))
    for number, message in enumerate((started(), restored)):
        model.listen(number, Entry(0, None, "outside", message), START)
    view = model.conversions.view("s1")
    assert view is not None
    assert (view.state, view.quantity_micros) == ("sent", 10 * MICRO)


def test_only_those_that_are_over_are_forgotten() -> None:
    found = Conversions(Ledger(), Markets())
    for number in range(CONVERSIONS_MAX + 5):
        asked = c.ConversionRequested(f"s{number}", "split", A, contracts(1), "a person")
        found.hear(asked, START)
    assert len(found.views()) == CONVERSIONS_MAX + 5
    for number in range(CONVERSIONS_MAX + 5):
        found.hear(c.ConversionRefused(f"s{number}", Refusal("HALTED", "")), START)
    found.hear(ASKED, START)
    found.hear(c.ConversionRequested("new", "split", A, contracts(1), "a person"), START)
    assert len(found.views()) == CONVERSIONS_MAX


async def test_a_person_at_the_command_line_asks_and_reads_what_came_of_it() -> None:
    site = live_site()
    async with site.client() as client:
        answer = await client.post("/api/conversions", json=BODY, headers=BEARER)
        assert answer.status_code == HTTPStatus.OK
        (asked,) = site.operated.converted
        assert answer.json() == {"id": asked.conversion_id}
        assert (asked.kind, asked.market, asked.quantity) == ("split", A, contracts(10))
        assert asked.by == "command line"
        site.model.listen(2, Entry(0, None, "outside", asked), START)
        path = f"/api/conversions/{asked.conversion_id}"
        shown = await client.get(path, headers=BEARER)
        assert shown.json()["state"] == "asked"
        every = await client.get("/api/conversions", headers=BEARER)
        assert [row["id"] for row in every.json()] == [asked.conversion_id]
        missing = await client.get("/api/conversions/nobody", headers=BEARER)
        assert missing.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"confirm": "yes"}, "NOT_CONFIRMED"),
        ({"confirm": "merge"}, "NOT_CONFIRMED"),
        ({"quantity_micros": -1}, "BAD_COUNT"),
        ({"quantity_micros": 10**16}, "BAD_COUNT"),
        ({"market": ""}, "UNKNOWN_MARKET"),
        ({"market": "x" * 201}, "UNKNOWN_MARKET"),
        ({"kind": "withdraw"}, "BAD_BODY"),
        ({"to": "0xab"}, "BAD_BODY"),
    ],
)
async def test_anything_else_is_refused_at_the_door(change: dict[str, object], code: str) -> None:
    site = live_site()
    async with site.client() as client:
        answer = await client.post("/api/conversions", json=BODY | change, headers=BEARER)
    assert answer.json()["code"] == code
    assert site.operated.converted == []


async def test_a_desk_on_paper_has_nothing_to_split() -> None:
    site = Site()
    async with site.client() as client:
        answer = await client.post("/api/conversions", json=BODY, headers=BEARER)
    assert answer.json()["code"] == "NOT_LIVE"
    assert "does not trade with real money" in answer.json()["message"]


async def test_a_browser_session_splits_nothing() -> None:
    site = live_site()
    async with site.browser() as client:
        headers = {"origin": "http://127.0.0.1:8765"}
        answer = await client.post("/api/conversions", json=BODY, headers=headers)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert site.operated.converted == []
