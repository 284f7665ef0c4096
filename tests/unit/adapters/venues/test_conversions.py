"""One conversion on its way: made once, sent once, asked about until its last word."""

from collections.abc import Callable

import msgspec
import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.budget import Budget
from foreshock.adapters.venues.conversions import TRACE_WAIT, Conversions
from foreshock.adapters.venues.jobs import Job, Jobs
from foreshock.adapters.venues.polymarket.conversions import PolymarketConversions
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Instant, Quantity
from tests.scenarios.live_scene import BUDGET
from tests.unit.adapters.venues.polymarket.builders import market
from tests.unit.adapters.venues.polymarket.orders import HOLDER
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS
from tests.unit.adapters.venues.polymarket.wallet_calls import holder_of

NOW = Instant(1_795_000_000 * SECOND)
SPLIT = c.ConvertSets("s1", "split", market().id, Quantity(MICRO), NOW)
TURN = HttpResponse(200, msgspec.json.encode({"address": ADDRESS.lower(), "nonce": "7"}))
SIGNED = HttpRequest("POST", "/submit", (), b"signed")


def taken(state: str = "STATE_NEW", name: str = "t-1") -> HttpResponse:
    return HttpResponse(200, msgspec.json.encode({"state": state, "transactionID": name}))


def seen(state: str) -> HttpResponse:
    row = {"state": state, "transaction_id": "t-1", "transaction_hash": None}
    return HttpResponse(200, msgspec.json.encode(row))


class Way:
    """Conversions of one wallet; what leaves is in `left`."""

    def __init__(
        self, kind: int = 2, judge: Callable[[], c.ConversionRefused | None] = lambda: None
    ) -> None:
        self.now = NOW
        self.jobs = Jobs({"polymarket": Budget(BUDGET)})
        holder = holder_of(kind) if kind else HOLDER
        paths = {"polymarket": PolymarketConversions(holder)}
        self.conversions = Conversions(paths, self.jobs, lambda _command, _now_us: judge())
        self.said: list[Message] = []

    def take(self) -> list[Job]:
        """What leaves now."""
        self.conversions.begin_looks(self.now)
        jobs = self.jobs.take(self.now)
        left = [j for j in jobs if j.task != "place" or self.conversions.let_go(j, self.now)]
        self.said += self.conversions.take()
        return left

    def answer(self, answer: HttpResponse | None) -> None:
        (job,) = self.take()
        self.conversions.answered(self.jobs.done(job.id), answer, self.now)
        self.said += self.conversions.take()

    def sign(self, request: HttpRequest | None = SIGNED) -> None:
        (job,) = self.take()
        assert job.task == "sign"
        self.conversions.signed(self.jobs.done(job.id).about.order_id, request, "beyond the policy")
        self.said += self.conversions.take()

    def sent(self) -> "Way":
        """Made, signed, released; the one write is next."""
        self.conversions.begin(SPLIT, market())
        self.answer(TURN)
        self.sign()
        self.conversions.release("s1")
        return self

    def later(self, seconds: int = 20) -> None:
        self.now = Instant(self.now + seconds * SECOND)

    def verdicts(self) -> list[str]:
        return [m.verdict for m in self.said if isinstance(m, c.ConversionTold)]

    def codes(self) -> list[str]:
        return [m.refusal.code for m in self.said if isinstance(m, c.ConversionRefused)]


def test_it_is_asked_signed_told_and_sent_in_this_order() -> None:
    way = Way()
    way.conversions.begin(SPLIT, market())
    (job,) = way.take()
    assert (job.about.what, job.task, job.unsigned.kind) == ("turn", "call", "read")
    way.conversions.answered(way.jobs.done(job.id), TURN, way.now)
    way.sign()
    (prepared,) = way.said
    assert isinstance(prepared, c.ConversionPrepared)
    assert prepared.turn == 7
    assert way.take() == [], "nothing leaves before it is on record"
    way.conversions.release("s1")
    (job,) = way.take()
    assert (job.about.what, job.request) == ("convert", SIGNED)
    way.conversions.release("s1")
    assert way.take() == [], "it leaves once"


def test_what_is_told_again_is_said_once_and_the_last_word_ends_it() -> None:
    way = Way().sent()
    way.answer(taken())
    for state in ("STATE_NEW", "STATE_EXECUTED", "STATE_MINED"):
        way.later()
        way.answer(seen(state))
    way.later()
    way.answer(seen("STATE_CONFIRMED"))
    assert way.verdicts() == ["pending", "confirmed"]
    way.later(600)
    assert way.take() == []
    assert way.conversions.next_us() is None


def test_questions_become_rarer() -> None:
    way = Way().sent()
    way.answer(taken())
    waits: list[int] = []
    for _ in range(7):
        due_us = way.conversions.next_us()
        assert due_us is not None
        waits.append((due_us - way.now) // SECOND)
        way.now = due_us
        way.answer(seen("STATE_NEW"))
    assert waits == [1, 2, 4, 8, 15, 15, 15]
    assert TRACE_WAIT == SECOND


def test_a_clock_that_is_set_back_keeps_no_question_waiting() -> None:
    way = Way().sent()
    way.answer(taken())
    assert way.take() == []
    way.later(-3_600)
    (job,) = way.take()
    assert job.about.what == "trace"


def test_an_error_beside_its_name_takes_nothing_back() -> None:
    way = Way().sent()
    way.answer(taken())
    for answer in (None, HttpResponse(404, b""), HttpResponse(500, b"")):
        way.later()
        way.answer(answer)
    assert way.verdicts() == ["pending"]


def test_without_a_name_it_is_asked_for_by_its_turn() -> None:
    way = Way().sent()
    way.answer(None)
    way.later()
    way.answer(TURN)
    assert way.verdicts() == ["unknown"]
    way.later()
    later = HttpResponse(200, TURN.body.replace(b'"7"', b'"8"'))
    way.answer(later)
    assert way.verdicts() == ["unknown", "spent"]
    way.later(600)
    assert way.take() == []


@pytest.mark.parametrize("answer", [None, HttpResponse(500, b""), HttpResponse(200, b"{}")])
def test_without_a_turn_there_is_nothing_to_sign(answer: HttpResponse | None) -> None:
    way = Way()
    way.conversions.begin(SPLIT, market())
    way.answer(answer)
    assert way.codes() == ["NO_TURN"]
    assert way.take() == []


def test_what_the_signer_refuses_never_leaves() -> None:
    way = Way()
    way.conversions.begin(SPLIT, market())
    way.answer(TURN)
    way.sign(None)
    assert way.codes() == ["NOT_SIGNED"]
    way.conversions.release("s1")
    assert way.take() == []


def test_the_gate_has_the_last_word() -> None:
    refused = c.ConversionRefused("s1", Refusal("HALTED", "all was halted"))
    way = Way(judge=lambda: refused).sent()
    assert way.take() == []
    assert way.codes() == ["HALTED"]


def test_an_account_without_a_wallet_and_other_venues_have_no_sets() -> None:
    way = Way(0)
    way.conversions.begin(SPLIT, market())
    nowhere = Conversions({}, way.jobs, lambda _command, _now_us: None)
    nowhere.begin(SPLIT, market())
    way.said += [*way.conversions.take(), *nowhere.take()]
    assert way.codes() == ["NO_WALLET", "NO_WALLET"]


def test_what_no_contract_takes_is_refused_before_it_is_signed() -> None:
    way = Way()
    way.conversions.begin(msgspec.structs.replace(SPLIT, quantity=Quantity(0)), market())
    way.answer(TURN)
    assert way.codes() == ["NOT_POSSIBLE"]


def test_a_conversion_begins_once() -> None:
    way = Way()
    way.conversions.begin(SPLIT, market())
    way.conversions.begin(SPLIT, market())
    assert len(way.take()) == 1


LEFT: tuple[c.ConversionWord, ...] = (
    c.ConversionRequested("s1", "split", market().id, Quantity(MICRO), "a person"),
    SPLIT,
    c.ConversionPrepared("s1", 7, "digest"),
    c.SendConversion("s1", market().id),
)
PENDING = c.ConversionTold(conversion_id="s1", verdict="pending", words="", transaction_id="t-1")


def test_one_that_an_earlier_desk_let_leave_is_asked_about_and_never_sent() -> None:
    way = Way()
    way.conversions.resume([(*LEFT, PENDING)], NOW)
    way.conversions.begin(SPLIT, market())
    way.conversions.release("s1")
    (job,) = way.take()
    assert (job.task, job.unsigned.path) == ("call", "/v1/account/transactions/t-1")
    way.conversions.answered(way.jobs.done(job.id), seen("STATE_CONFIRMED"), way.now)
    way.take()
    assert way.verdicts() == ["confirmed"]
    way.later()
    assert way.take() == []


def test_one_without_a_name_is_proven_by_its_turn() -> None:
    way = Way()
    way.conversions.resume([LEFT], NOW)
    later = HttpResponse(200, msgspec.json.encode({"address": ADDRESS.lower(), "nonce": "8"}))
    way.answer(later)
    assert way.verdicts() == ["spent"]


@pytest.mark.parametrize(
    "words",
    [
        LEFT[:3],
        (*LEFT, msgspec.structs.replace(PENDING, verdict="spent")),
        (LEFT[0], LEFT[1], LEFT[3]),
    ],
)
def test_nobody_is_asked_about_one_that_never_left_or_of_which_all_was_said(
    words: tuple[c.ConversionWord, ...],
) -> None:
    way = Way()
    way.conversions.resume([words], NOW)
    assert way.take() == []
