"""What became of an order, by asking: only complete rounds conclude, and never too early."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, OrderRef
from foreshock.adapters.venues.polymarket.inquiry import PAGES_MAX, READS_LAG_MAX, Inquiries
from foreshock.adapters.venues.polymarket.ours import Ours
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.trading import OrderAccepted, OrderClosed, OrderUnknown
from foreshock.core.domain.units import Instant
from tests.unit.adapters.venues.polymarket.builders import NOW, condition, market, token
from tests.unit.adapters.venues.polymarket.orders import CURVE, PACK, PROXY, SENT
from tests.unit.adapters.venues.polymarket.vectors import WALLET

HASH, OTHER_HASH = "0x" + "1" * 64, "0x" + "2" * 64
REF = OrderRef("package-1/0.0", "7", HASH, market().id)
NOTHING = HttpResponse(200, b"null")
LATER = Instant(SENT + READS_LAG_MAX)


def inquiries() -> Inquiries:
    ours = Ours(PROXY, PACK)
    ours.list_market(market(fee=CURVE))
    return Inquiries(ours)


def order(**fields: object) -> HttpResponse:
    body: dict[str, object] = {
        "id": HASH,
        "status": "LIVE",
        "asset_id": token(1, "yes"),
        "side": "BUY",
        "original_size": "10",
        "size_matched": "4",
        "price": "0.52",
    } | fields
    return HttpResponse(200, msgspec.json.encode(body))


def trade(n: int = 1, order_hash: str = HASH, **fields: object) -> dict[str, object]:
    body: dict[str, object] = {
        "id": f"trade-{n}",
        "taker_order_id": order_hash,
        "asset_id": token(1, "yes"),
        "side": "BUY",
        "size": "4",
        "price": "0.52",
        "status": "TRADE_STATUS_MATCHED",
        "match_time": str(SENT // 1_000_000),
        "maker_address": WALLET,
        "trader_side": "TAKER",
        "maker_orders": list[object](),
    }
    return body | fields


def trades(*rows: dict[str, object], cursor: str = "LTE=") -> HttpResponse:
    return HttpResponse(200, msgspec.json.encode({"data": rows, "next_cursor": cursor}))


def ask(
    asked: Inquiries, first: HttpResponse | None, at_us: Instant, *pages: HttpResponse
) -> Answer:
    """One round as the desk goes through it; the answer to its last page."""
    asked.lookups(REF, NOW)
    asked.looked_up(REF, 0, first, at_us)
    answer = Answer()
    for page in pages:
        asked.lookups(REF, NOW)
        answer = asked.looked_up(REF, 1, page, at_us)
    return answer


def test_the_questions_are_about_the_hash_and_the_market_since_the_send() -> None:
    active, listed = inquiries().lookups(REF, NOW)
    assert (active.method, active.path) == ("GET", f"/data/order/{HASH}")
    assert urlsplit(listed.path).path == "/data/trades"
    assert parse_qs(urlsplit(listed.path).query) == {
        "market": [condition(1)],
        "after": [str(NOW // 1_000_000)],
    }
    assert active.kind == listed.kind == "read"


def test_an_order_without_its_hash_is_a_bug() -> None:
    with pytest.raises(InvariantError, match="no hash"):
        inquiries().lookups(msgspec.structs.replace(REF, venue_order_id=None), NOW)


def test_an_active_order_is_accepted_and_nothing_more() -> None:
    asked = inquiries()
    asked.lookups(REF, NOW)
    assert asked.looked_up(REF, 0, order(), SENT).facts == (OrderAccepted(REF.order_id, HASH),)
    assert ask(asked, order(), LATER, trades()) == Answer()


@pytest.mark.parametrize("status", ["CANCELED", "MATCHED", "CANCELED_MARKET_RESOLVED", "INVALID"])
def test_an_ended_order_that_is_still_told_closes_with_its_matched_size(status: str) -> None:
    asked = inquiries()
    asked.lookups(REF, NOW)
    facts = asked.looked_up(REF, 0, order(status=status), SENT).facts
    assert facts[0] == OrderAccepted(REF.order_id, HASH)
    assert isinstance(facts[1], OrderClosed)
    assert facts[1].filled == 4_000_000


@pytest.mark.parametrize(
    "nothing", [NOTHING, HttpResponse(404, b'{"error":"not found"}'), HttpResponse(200, b"")]
)
def test_neither_active_nor_traded_is_absent(nothing: HttpResponse) -> None:
    answer = ask(inquiries(), nothing, SENT, trades(trade(order_hash=OTHER_HASH)))
    assert answer == Answer(is_absent=True)


def test_a_missing_page_that_is_not_the_venues_own_word_proves_nothing() -> None:
    page = HttpResponse(404, b"<html><body>404 Not Found</body></html>")
    answer = ask(inquiries(), page, SENT, trades(trade(order_hash=OTHER_HASH)))
    assert not answer.is_absent


def test_a_no_to_the_first_question_alone_proves_nothing() -> None:
    asked = inquiries()
    asked.lookups(REF, NOW)
    assert asked.looked_up(REF, 0, NOTHING, LATER) == Answer()


def test_trades_alone_do_not_end_an_order() -> None:
    answer = ask(inquiries(), None, LATER, trades(trade()))
    assert answer.facts == ()
    assert [fill.id for fill in answer.fills] == [f"trade-1:{HASH}"]


def test_inactive_with_trades_closes_only_when_the_lists_have_caught_up() -> None:
    asked = inquiries()
    early = ask(asked, NOTHING, SENT, trades(trade()))
    assert (early.facts, early.is_absent) == ((), False)
    late = ask(asked, NOTHING, LATER, trades(trade(), trade(2, size="1.5")))
    assert isinstance(late.facts[0], OrderClosed)
    assert late.facts[0].filled == 5_500_000


def test_being_active_once_more_begins_the_wait_again() -> None:
    asked = inquiries()
    ask(asked, NOTHING, SENT, trades(trade()))
    ask(asked, order(), LATER, trades(trade()))
    assert ask(asked, NOTHING, LATER, trades(trade())).facts == ()


@pytest.mark.parametrize(
    "hindrance",
    [None, HttpResponse(500, b""), HttpResponse(429, b""), HttpResponse(401, b"")],
)
def test_an_error_begins_the_wait_again_and_proves_no_absence(
    hindrance: HttpResponse | None,
) -> None:
    asked = inquiries()
    ask(asked, NOTHING, SENT, trades(trade()))
    assert not ask(asked, hindrance, LATER, trades()).is_absent
    assert ask(asked, NOTHING, LATER, trades(trade())).facts == ()


def test_a_reverted_fill_does_not_count_toward_the_end() -> None:
    asked = inquiries()
    page = trades(trade(status="TRADE_STATUS_FAILED"), trade(2, size="1"))
    ask(asked, NOTHING, SENT, page)
    late = ask(asked, NOTHING, LATER, page)
    assert isinstance(late.facts[0], OrderClosed)
    assert late.facts[0].filled == 1_000_000
    assert [fill.status for fill in late.fills] == ["reverted", "provisional"]


def test_pages_are_followed_before_anything_is_concluded() -> None:
    asked = inquiries()
    ask(asked, NOTHING, SENT)
    asked.lookups(REF, NOW)
    asked.looked_up(REF, 0, NOTHING, LATER)
    first = asked.looked_up(REF, 1, trades(trade(), cursor="MTAw"), LATER)
    assert first.next is not None
    assert "next_cursor=MTAw" in first.next.path
    assert first.facts == ()
    last = asked.looked_up(REF, 1, trades(trade(2, size="1")), LATER)
    assert isinstance(last.facts[0], OrderClosed)
    assert last.facts[0].filled == 5_000_000


def test_endless_pages_are_cut_off_without_a_conclusion() -> None:
    asked = inquiries()
    asked.lookups(REF, NOW)
    asked.looked_up(REF, 0, NOTHING, SENT)
    for _ in range(PAGES_MAX - 1):
        assert asked.looked_up(REF, 1, trades(cursor="MTAw"), LATER).next is not None
    answer = asked.looked_up(REF, 1, trades(cursor="MTAw"), LATER)
    assert answer.next is None
    assert isinstance(answer.facts[0], OrderUnknown)


@pytest.mark.parametrize(
    "page",
    [
        HttpResponse(200, b"{"),
        HttpResponse(200, b'{"data":[{"id":"x"}]}'),
        trades(trade(status="PONDERING")),
        trades(trade(trader_side="MAKER")),
        trades(trade(price="")),
    ],
)
def test_what_cannot_be_read_leaves_the_order_unknown(page: HttpResponse) -> None:
    asked = inquiries()
    ask(asked, NOTHING, SENT)
    answer = ask(asked, NOTHING, LATER, page)
    assert isinstance(answer.facts[0], OrderUnknown)
    assert not answer.is_absent
    assert asked.looked_up(REF, 1, trades(), LATER) == Answer()


def test_an_answer_about_another_order_is_not_believed() -> None:
    asked = inquiries()
    asked.lookups(REF, NOW)
    answer = asked.looked_up(REF, 0, order(id=OTHER_HASH), SENT)
    assert isinstance(answer.facts[0], OrderUnknown)


def test_an_answer_nobody_asked_for_says_nothing() -> None:
    assert inquiries().looked_up(REF, 0, order(), SENT) == Answer()
