"""How does one pair read in a terminal? Both texts, the clauses in a row, what can happen, why."""

from datetime import UTC, datetime

from foreshock.app.pair_client import mark_of
from foreshock.core.domain.units import MICRO
from foreshock.dashboard.pair_views import (
    AdviceView,
    ClauseView,
    ContractView,
    EventView,
    PairDetailView,
)

PPM_A_PERCENT = 10_000
SIGNS = {"agree": "=", "differ": "#", "unknown": "?", "absent": "-"}


def pair_lines(pair: PairDetailView) -> list[str]:
    """Everything about a pair, a line each."""
    proof = "proven" if pair.is_tradable else "not proven enough to trade"
    lines = [
        f"{pair.id}: {pair.label}",
        f"{pair.standing}: {pair.standing_words}",
        f"{pair.relation}, {pair.decision or 'not compared yet'}, {percent(pair.confidence_ppm)} "
        f"sure, {proof}",
        f"why: {pair.reason or 'not compared yet'}",
        *(f"refused: {words}" for words in pair.refusals),
        "",
        *_contract("a", pair.a_id, pair.a),
        "",
        *_contract("b", pair.b_id, pair.b),
        "",
        *(_clause(clause) for clause in pair.clauses),
        *(
            f"a {cell.a.upper()}, b {cell.b.upper()}: "
            f"{'can be' if cell.is_possible else 'cannot be'} - {cell.words}"
            for cell in pair.payoffs
        ),
        "",
        *_advice(pair.advice),
        *(_event(event) for event in pair.history),
    ]
    mark = mark_of(pair)
    if mark is not None:
        lines.append(f"seen: {mark}")
    return lines


def percent(ppm: int | None) -> str:
    """A share with one decimal, rounded down."""
    if ppm is None:
        return "unknown"
    tenths = ppm * 10 // PPM_A_PERCENT
    return f"{tenths // 10}.{tenths % 10} %"


def _contract(side: str, market: str, contract: ContractView | None) -> list[str]:
    if contract is None:
        return [f"{side}  {market}: not listed"]
    return [
        f"{side}  {market}: {contract.title}",
        f"   source: {contract.source or 'not named'}",
        *(f"   {line}" for line in (contract.rules or "no rules").splitlines()),
    ]


def _clause(clause: ClauseView) -> str:
    read = f"a: {clause.a or '-'}   b: {clause.b or '-'}"
    words = f" ({clause.words})" if clause.words else ""
    return f"{SIGNS[clause.agreement]} {clause.clause:<12} {clause.agreement:<8} {read}{words}"


def _advice(advice: AdviceView | None) -> list[str]:
    if advice is None:
        return []
    claims = [f"   claims: {difference}" for difference in advice.differences]
    return [
        f"second reader ({advice.model or 'none'}) {advice.advice}: {advice.words}",
        *claims,
        "",
    ]


def _event(event: EventView) -> str:
    at = datetime.fromtimestamp(event.at_us / MICRO, UTC)
    now = " <- counts now" if event.holds else ""
    note = f": {event.note}" if event.note else ""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC  v{event.version} {event.kind} by {event.by}{note}{now}"
