"""Which 78 faults are there, and which test proves what is done about each? Names carry the row."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"^(?:async )?def (test_([A-Fa-f]\d{1,2})_\w+)", re.MULTILINE)

ROWS: dict[str, str] = {
    "A1": "the answer is lost after the order was accepted",
    "A2": "the request is lost before the venue",
    "A3": "a server error after the order was accepted",
    "A4": "a success without an order, or in no known shape",
    "A5": "a definite refusal, a killed order, an unlisted error",
    "A6": "the HTTP layer repeats a request that places",
    "A7": "a new name for each attempt",
    "A8": "a name that may be used again once its order is over",
    "A9": "a batch that fails without a word on each order",
    "A10": "an order that arrives long after everybody gave up",
    "A11": "a cancel whose answer is lost, or races a fill",
    "A12": "too many requests in the middle of a hedge",
    "A13": "the same refusal again and again",
    "A14": "a signature that takes too long",
    "A15": "an account that is not set up to trade",
    "B1": "the first leg fills in part",
    "B2": "the second leg fills in part",
    "B3": "a fill is lost on a healthy stream",
    "B4": "fills while the stream is down",
    "B5": "the same fill told twice",
    "B6": "two fills of one instant",
    "B7": "a fill before its order's answer",
    "B8": "a match that fails to settle",
    "B9": "a settlement that takes long",
    "B10": "a venue's balance that does not move",
    "B11": "less than can be traded is left over",
    "B12": "another fee than quoted",
    "B13": "a position that is closed here and open there",
    "B14": "somebody trades by hand",
    "B15": "early close, void, dispute, different payouts",
    "C1": "a socket that answers pings and brings nothing",
    "C2": "a market that is quiet and healthy",
    "C3": "a gap in the numbering",
    "C4": "a snapshot after a reconnect",
    "C5": "doubled and reordered changes",
    "C6": "a consumer that is too slow",
    "C7": "a REST book that is wrong",
    "C8": "crossed, locked, one-sided or impossible books",
    "C9": "another price grid or lot",
    "C10": "a subscription that brings only a part",
    "C11": "an endpoint that answers with nothing",
    "C12": "another shape of prices",
    "C13": "a venue that pauses, takes only cancels, or is closed",
    "C14": "a gap in a recording",
    "C15": "hostile numbers and sizes",
    "D1": "a clock that is off",
    "D2": "a wall clock that steps",
    "D3": "days on which clocks change",
    "D4": "the wrong field for an expiry",
    "D5": "where one day ends and the next begins",
    "D6": "stamps from the past and the future",
    "E1": "a crash between any two durable writes",
    "E2": "a database that is locked or slow",
    "E3": "a full disk",
    "E4": "a torn tail, a flipped bit",
    "E5": "a power loss",
    "E6": "a backup of a file that is being written",
    "E7": "the same start again",
    "E8": "a fill that fits two orders",
    "E9": "two processes on one account",
    "E10": "told to end, or killed, in the middle of a pair",
    "E11": "a halt that is lost, or races an order",
    "E12": "an event loop that stalls",
    "E13": "a queue without end",
    "E14": "the same message delivered again",
    "E15": "a configuration that is edited to nonsense or looser limits",
    "E16": "another build that still runs, a switch nobody knows",
    "F1": "legs that are not the same bet",
    "F2": "a group of outcomes that may grow",
    "F3": "legs in dollars, or of the wrong side",
    "F4": "two intents that pass the same limit",
    "F5": "floating point in money",
    "F6": "a strategy that never stops",
    "F7": "a price or size that cannot be meant",
    "F8": "an edge that is gone when the order leaves",
    "F9": "an equity leg: closed market, wide quote, multiplier, broker down",
    "F10": "a language model that is down, slow, wrong or misled",
    "F11": "a storm of alerts, a channel that is down",
}
NOT_BUILT = {
    "F9": "no broker is built: no equity or option order can be sent",
}
"""Rows whose part of the desk does not exist: counted, never passed."""
IN_PART = {
    "C14": "backtests that refuse windows with gaps are not built",
    "E14": "there is no bus: what venues tell again is the redelivery that exists",
}
"""What a row asks for beyond what its tests prove."""


def proofs_by_row() -> dict[str, list[str]]:
    """`file::test` of every test that names its row, in the order of the files."""
    found: dict[str, list[str]] = {row: [] for row in ROWS}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, row in NAMED.findall(path.read_text(encoding="utf8")):
            if row.upper() in found:
                where = path.relative_to(TESTS.parent).as_posix()
                found[row.upper()].append(f"{where}::{name}")
    return found
