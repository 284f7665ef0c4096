"""Dollars into contracts and back, through the real desk, the signer and the simulated relayer."""

import msgspec
import pytest

from foreshock.adapters.sim.conditions import RequestRule
from foreshock.adapters.sim.corrections import pay_by_hand
from foreshock.adapters.storage.journal import Told
from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.account import (
    ExternalHeld,
    VenueArmed,
    VenueDisarmed,
)
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.operations import ClockJudged, HaltRequested, ResumeRequested
from foreshock.core.domain.units import MICRO, SECOND, Instant, Price
from tests.scenarios.live_desk import live_config
from tests.scenarios.live_scene import OUR_CASH, SETS_MAX, VENUES, WALLET, Scene
from tests.trading import contracts

PM = "polymarket"
SUBMIT = "/submit"
KINDS = [1, 2, 3]


class Converting(Scene):
    """A ready scene whose Polymarket account is a wallet of some kind."""

    def __init__(self, kind: int = 2) -> None:
        owner = Scene().holder.address
        account = PublicAccount(
            venue=PM, address=owner, wallet=WALLET, signature_type=kind, sets_max=SETS_MAX
        )
        config = msgspec.structs.replace(live_config(VENUES), accounts=(account,))
        super().__init__(config, wallet=kind)
        self.asked_count = 0

    def ask(self, kind: c.ConversionKind, count: int = 0) -> str:
        """A person asks for it now; returns its id."""
        self.asked_count += 1
        name = f"{kind}-{self.asked_count}"
        self.desk.tell(c.ConversionRequested(name, kind, self.a, contracts(count), "command line"))
        return name

    def ends(self, name: str) -> list[str]:
        """How it ended: outcomes and codes of refusals."""
        closed = [m.outcome for m in self.desk.said(c.ConversionClosed) if m.conversion_id == name]
        refused = self.desk.said(c.ConversionRefused)
        return [*closed, *(m.refusal.code for m in refused if m.conversion_id == name)]

    def cash(self) -> int:
        """Whole dollars that the venue says we have."""
        return self.pm.exchange.balances(self.holder.wallet.lower()).cash // MICRO

    def rule(self, **words: object) -> None:
        """Let something happen to requests at the relayer."""
        relayer = self.accounts[0].relayer
        assert relayer is not None
        relayer.faults.conditions.add_request_rule(msgspec.convert(words, RequestRule))

    def submits(self) -> int:
        """How many transactions left."""
        return self.desk.venue_calls(PM, "POST", SUBMIT)

    def incidents(self) -> list[IncidentOpened]:
        """Everything that a person was asked to look at."""
        return self.desk.said(IncidentOpened)

    def agrees(self) -> None:
        """Two rounds of lists later our books and the venue's are the same."""
        self.desk.run(70)
        assert self.state(PM) == "active"
        assert not [i for i in self.incidents() if "drift" in i.id]
        assert not [m for m in self.desk.said(ExternalHeld) if m.quantity]


@pytest.mark.parametrize("kind", KINDS)
def test_dollars_become_contracts_and_back_from_every_wallet(kind: int) -> None:
    at = Converting(kind)
    at.ready()
    split = at.ask("split", 40)
    at.desk.run(40)
    assert at.ends(split) == ["confirmed"]
    assert (at.cash(), at.held(PM)) == (OUR_CASH // MICRO - 40, (40, 40))
    at.desk.run(30)
    merge = at.ask("merge", 15)
    at.desk.run(40)
    assert at.ends(merge) == ["confirmed"]
    assert (at.cash(), at.held(PM)) == (OUR_CASH // MICRO - 25, (25, 25))
    assert at.submits() == 2
    at.agrees()


def test_it_is_on_record_before_its_first_byte_leaves() -> None:
    at = Converting()
    at.ready()
    name = at.ask("split", 10)
    at.desk.run(40)
    kinds = [type(m).__name__ for m in at.desk.heard if getattr(m, "conversion_id", "") == name]
    assert kinds[:4] == [
        "ConversionRequested",
        "ConvertSets",
        "ConversionPrepared",
        "SendConversion",
    ]
    (prepared,) = [
        step.now_us
        for step in at.desk.steps
        if isinstance(step.input, Told) and isinstance(step.input.message, c.ConversionPrepared)
    ]
    (left,) = [us for us, _, request in at.desk.sent if request.path == SUBMIT]
    assert prepared <= left
    told = [m.verdict for m in at.desk.said(c.ConversionTold)]
    assert told[0] == "pending"
    assert told[-1] == "confirmed"


def test_what_was_split_trades_beside_packages_and_all_agrees() -> None:
    at = Converting()
    at.offer_both()
    at.ready()
    at.ask("split", 20)
    at.desk.run(40)
    package = at.trade(10)
    at.desk.run(10)
    assert at.outcome(package) == "hedged"
    assert at.held(PM) == (30, 20)
    merged = at.ask("merge", 20)
    at.desk.run(40)
    assert at.ends(merged) == ["confirmed"]
    assert at.held(PM) == (10, 0), "what hedges the other venue is still there"
    at.agrees()


def test_a_resolved_market_is_redeemed() -> None:
    at = Converting()
    pay_by_hand(at.pm.exchange, at.holder.wallet.lower(), is_on=True)
    at.ready()
    at.ask("split", 20)
    at.desk.run(40)
    early = at.ask("redeem")
    at.desk.run(5)
    assert at.ends(early) == ["NOT_RESOLVED"]
    native_id = at.pm.native_id
    at.pm.exchange.close(native_id, at.desk.now_us)
    at.pm.exchange.propose(native_id, Price(MICRO), at.desk.now_us)
    at.pm.exchange.settle(native_id, at.desk.now_us)
    at.desk.tell(MarketResolved(at.a, Price(MICRO), at.desk.now_us))
    at.desk.run(40)
    assert at.cash() == OUR_CASH // MICRO - 20, "nobody is paid who does not ask"
    redeemed = at.ask("redeem")
    at.desk.run(40)
    assert at.ends(redeemed) == ["confirmed"]
    assert (at.cash(), at.held(PM)) == (OUR_CASH // MICRO, (0, 0))
    at.agrees()


def test_nothing_leaves_unless_armed_and_not_halted() -> None:
    at = Converting()
    at.ready()
    at.desk.tell(VenueDisarmed(PM, "a person"))
    assert at.ends(at.ask("split", 10)) == ["NOT_ARMED"]
    until_us = Instant(at.desk.now_us + 60 * SECOND)
    at.desk.tell(VenueArmed(PM, until_us, "a person", "again"))
    at.desk.tell(HaltRequested("all", "a person", "a look"))
    assert at.ends(at.ask("split", 10)) == ["HALTED"]
    at.desk.tell(ResumeRequested("all", "a person"))
    at.desk.tell(ClockJudged(PM, "refused", 600_000, 700_000, "600 ms behind"))
    assert at.ends(at.ask("split", 10)) == ["CLOCK_SKEW"]
    at.desk.run(61)
    assert at.ends(at.ask("split", 10)) == ["NOT_ARMED"]
    assert at.ends(at.ask("split", 10_000)) == ["NOT_ARMED"]
    assert at.desk.venue_calls(PM, "GET", "/v1/account/transactions") == 0
    assert at.submits() == 0


def test_a_halt_between_signature_and_send_holds_it_back() -> None:
    at = Converting()
    at.ready()
    name = at.ask("split", 10)
    while not at.desk.said(c.ConversionPrepared):
        at.desk.run(0.001)
        if at.desk.venue_calls(PM, "GET", "/v1/account/transactions/params"):
            at.desk.tell(HaltRequested("all", "a person", "a look"))
    at.desk.run(20)
    assert at.ends(name) == ["HALTED"]
    assert at.submits() == 0


def test_an_answer_lost_after_acceptance_is_proven_by_turn_and_list() -> None:
    at = Converting()
    at.ready()
    at.rule(effect="drop_answer", method="POST", path=SUBMIT)
    name = at.ask("split", 10)
    at.desk.run(90)
    assert [m.verdict for m in at.desk.said(c.ConversionTold)] == ["unknown", "spent"]
    assert at.ends(name) == ["confirmed"]
    assert at.submits() == 1
    assert at.held(PM) == (10, 10)
    at.agrees()


def test_a_request_lost_before_the_relayer_is_never_sent_again() -> None:
    at = Converting()
    at.ready()
    at.rule(effect="drop_request", method="POST", path=SUBMIT)
    name = at.ask("split", 10)
    at.desk.run(90)
    assert at.submits() == 1
    assert at.ends(name) == [], "the signed bytes may still be somewhere"
    (incident,) = at.incidents()
    assert incident.about == name
    other = at.ask("split", 5)
    assert at.ends(other) == ["CONVERSION_OPEN"]
    at.desk.tell(ResumeRequested(PM, "a person"))
    assert at.ends(name) == ["taken_over"]
    assert at.desk.said(IncidentResolved)[0].id == incident.id
    at.agrees()


def test_a_deposit_wallets_request_that_never_arrived_lapses() -> None:
    at = Converting(3)
    at.ready()
    at.rule(effect="drop_request", method="POST", path=SUBMIT)
    name = at.ask("split", 10)
    at.desk.run(800)
    assert at.ends(name) == ["failed"]
    assert at.held(PM) == (0, 0)
    at.agrees()


def test_a_transaction_that_fails_on_the_chain_changes_nothing() -> None:
    at = Converting()
    at.ready()
    at.lever(PM, "relayer", fates=["fail"])
    name = at.ask("split", 10)
    at.desk.run(60)
    assert at.ends(name) == ["failed"]
    assert at.held(PM) == (0, 0)
    at.agrees()


@pytest.mark.parametrize(("status", "ends"), [(429, ["failed"]), (400, []), (500, []), (503, [])])
def test_only_a_known_refusal_ends_it(status: int, ends: list[str]) -> None:
    at = Converting()
    at.ready()
    at.rule(effect="answer_instead", method="POST", path=SUBMIT, status=status, body="odd")
    name = at.ask("split", 10)
    at.desk.run(20)
    assert at.ends(name) == ends
    assert at.submits() == 1


@pytest.mark.parametrize("status", [401, 404, 500])
def test_without_a_turn_nothing_is_made(status: int) -> None:
    at = Converting()
    at.ready()
    at.rule(
        effect="answer_instead",
        method="GET",
        path="/v1/account/transactions/params",
        status=status,
    )
    name = at.ask("split", 10)
    at.desk.run(10)
    assert at.ends(name) == ["NO_TURN"]
    assert at.submits() == 0


def test_a_relayer_that_cannot_be_asked_takes_nothing_back() -> None:
    at = Converting()
    at.ready()
    path = "/v1/account/transactions/"
    name = at.ask("split", 10)
    at.desk.run(0.5)
    at.rule(effect="answer_instead", method="GET", path=path, status=503, count=3)
    at.desk.run(60)
    assert "unknown" not in [m.verdict for m in at.desk.said(c.ConversionTold)]
    assert at.ends(name) == ["confirmed"]
    at.agrees()


def test_the_signers_own_ceiling_holds_beside_the_desks() -> None:
    at = Converting()
    account = msgspec.structs.replace(at.desk.config.accounts[0], sets_max=10 * SETS_MAX)
    config = msgspec.structs.replace(at.desk.config, accounts=(account,))
    loose = Scene(config, wallet=2).ready()
    loose.desk.tell(c.ConversionRequested("s1", "split", loose.a, contracts(101), "command line"))
    loose.desk.run(10)
    (refused,) = loose.desk.said(c.ConversionRefused)
    assert refused.refusal.code == "NOT_SIGNED"
    assert loose.desk.venue_calls(PM, "POST", SUBMIT) == 0


def test_a_split_by_hand_is_still_a_difference() -> None:
    at = Converting()
    at.ready()
    at.ask("split", 10)
    at.desk.run(40)
    at.lever(PM, "sets", wallet=WALLET, condition_id=at.pm.native_id, action="split", size="7")
    at.desk.run(100)
    assert "polymarket/drift/cash" in [incident.id for incident in at.incidents()]
    assert at.state(PM) == "reducing"
