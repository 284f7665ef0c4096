"""What do the messages about splits, merges and redemptions say, in plain English?"""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Quantity, format_micros
from foreshock.dashboard.quoting import quoted

OUTCOMES: Mapping[c.ConversionOutcome, str] = {
    "confirmed": "is done",
    "failed": "changed nothing",
    "taken_over": "could not be proven; the venue's numbers count",
}
VERDICTS: Mapping[c.ConversionVerdict, str] = {
    "pending": "on its way",
    "confirmed": "done",
    "failed": "failed and changed nothing",
    "rejected": "refused",
    "spent": "its turn is over, by it or by another transaction of the wallet",
    "unknown": "not known: it may have happened, or may still",
}


def deed(kind: c.ConversionKind, market: MarketId, quantity: Quantity) -> str:
    """What is done: `split $10 into YES and NO of polymarket:0x...`."""
    size = format_micros(quantity)
    match kind:
        case "split":
            return f"split ${size} into YES and NO of {market}"
        case "merge":
            return f"merge {size} YES and NO of {market} into ${size}"
        case "redeem":
            return f"redeem everything held of {market}"


def _requested(x: c.ConversionRequested) -> tuple[str, str]:
    return x.conversion_id, f"{quoted(x.by)} asks to {deed(x.kind, x.market, x.quantity)}"


def _convert(x: c.ConvertSets) -> tuple[str, str]:
    return x.conversion_id, f"make ready to {deed(x.kind, x.market, x.quantity)}"


def _prepared(x: c.ConversionPrepared) -> tuple[str, str]:
    words = f"signed and on record as turn {x.turn} of the wallet, body {x.digest[:12]}"
    return x.conversion_id, words


def _send(x: c.SendConversion) -> tuple[str, str]:
    return x.conversion_id, "the transaction may leave"


def _refused(x: c.ConversionRefused) -> tuple[str, str]:
    return x.conversion_id, f"nothing was sent, {x.refusal.code}: {quoted(x.refusal.words)}"


def _told(x: c.ConversionTold) -> tuple[str, str]:
    known_as = "" if x.tx_hash is None else f" as {quoted(x.tx_hash)}"
    return x.conversion_id, f"the transaction is {VERDICTS[x.verdict]}{known_as}: {quoted(x.words)}"


def _closed(x: c.ConversionClosed) -> tuple[str, str]:
    done = deed(x.kind, x.market, x.quantity)
    return x.conversion_id, f"to {done} {OUTCOMES[x.outcome]}: {quoted(x.words)}"


CONVERSION_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    c.ConversionRequested: _requested,
    c.ConvertSets: _convert,
    c.ConversionPrepared: _prepared,
    c.SendConversion: _send,
    c.ConversionRefused: _refused,
    c.ConversionTold: _told,
    c.ConversionClosed: _closed,
}
