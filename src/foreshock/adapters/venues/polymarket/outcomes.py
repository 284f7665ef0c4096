"""What does the venue's refusal of an order mean? One table of every documented error.

    rejected  the order was refused before it could trade
    killed    the order was taken, found nothing and is over
    unknown   it may have traded, or may still: only a look at the venue tells

What is not in the table, and every 5xx, is unknown. A restart (425) refuses orders too, but the
venue's clients repeat the same signed order then, so it is no proof that nothing was booked.
Source: Polymarket error page and OpenAPI, 2026; SDK 0.14.0.
"""

import re
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.units import MICRO

Verdict: TypeAlias = Literal["rejected", "killed", "unknown"]
OK = 200
REFUSED_WITH = (400, 404)
RETRY_AFTER_S_MAX = 3_600
"""A longer wait is not believed."""
WORDS_MAX = 200


class Rule(msgspec.Struct, frozen=True):
    """status: of the answer. words: a pattern for its whole text, capitals aside."""

    status: int
    words: str
    verdict: Verdict
    condition: VenueCondition | None = None

    def fits(self, status: int, words: str) -> bool:
        """Whether the answer is this one; a refusal may also come inside a success."""
        refused = status == OK and self.status in REFUSED_WITH
        return (refused or self.status == status) and re.fullmatch(
            self.words, words, re.IGNORECASE | re.DOTALL
        ) is not None


class Judgement(msgspec.Struct, frozen=True):
    """What an answer means and which condition it gives away; words for people."""

    verdict: Verdict
    condition: VenueCondition | None
    words: str


RULES = (
    # ---- our account or our request is not in order
    Rule(400, r"invalid l1 request headers", "rejected", "not_ready"),
    Rule(401, r".*(unauthorized|invalid api key).*", "rejected", "not_ready"),
    Rule(400, r"invalid order payload", "rejected", "not_ready"),
    Rule(400, r"the order owner has to be the owner of the api key", "rejected", "not_ready"),
    Rule(
        400,
        r"the order signer address has to be the address of the api key",
        "rejected",
        "not_ready",
    ),
    Rule(400, r"'.+' address banned", "rejected", "not_ready"),
    Rule(400, r"'.+' address in closed only mode", "rejected", "closing_only"),
    Rule(400, r"too many orders in payload: \d+, max allowed: \d+", "rejected"),
    Rule(400, r"invalid signature", "rejected", "not_ready"),
    Rule(400, r"order_version_mismatch", "rejected", "not_ready"),
    Rule(
        400,
        r"invalid order version, please use the latest clob-client",
        "rejected",
        "not_ready",
    ),
    Rule(
        400,
        r"maker address not allowed, please use the deposit wallet flow",
        "rejected",
        "not_ready",
    ),
    # ---- this order cannot be
    Rule(400, r"invalid post-only order: order crosses book", "rejected"),
    Rule(
        400,
        r"(order \S+ is invalid\. )?price \(.+\) breaks minimum tick size rule: .+",
        "rejected",
    ),
    Rule(400, r"(order \S+ is invalid\. )?size \(.+\) lower than the minimum: .+", "rejected"),
    Rule(400, r"order \S+ crosses the book", "rejected"),
    Rule(400, r"not enough balance / allowance(: .*)?", "rejected"),
    Rule(400, r"invalid nonce", "rejected"),
    Rule(400, r"invalid expiration", "rejected"),
    Rule(400, r"order canceled in the ctf exchange contract", "rejected"),
    Rule(400, r"the market is not yet ready to process new orders", "rejected"),
    Rule(400, r"invalid amount for a marketable buy order \(.+\), min size: .+", "rejected"),
    Rule(400, r"invalid amounts, the market buy orders maker amount supports .+", "rejected"),
    Rule(404, r"market not found", "rejected"),
    Rule(404, r"no orderbook exists for the requested token id", "rejected"),
    # ---- taken, and over
    Rule(
        400,
        r"order couldn't be fully filled\. fok orders are fully filled or killed\.",
        "killed",
    ),
    Rule(
        400,
        r"no orders found to match with fak order\."
        r" fak orders are partially filled or killed if no match is found\.",
        "killed",
    ),
    # ---- may be at the venue
    Rule(400, r"order \S+ is invalid\. duplicated\.", "unknown"),
    Rule(400, r"order match delayed due to market conditions", "unknown"),
    # ---- the venue's condition; it says nothing certain of the order
    Rule(403, r".*", "unknown", "geoblocked"),
    Rule(425, r".*", "unknown", "restarting"),
    Rule(429, r".*", "rejected"),
    Rule(503, r".*cancel-only.*", "unknown", "cancel_only"),
    Rule(503, r"post-only mode: .*", "unknown", "cancel_only"),
    Rule(503, r"trading is (currently )?disabled\b.*", "unknown", "trading_disabled"),
    # ---- told with a 5xx, so not to be relied on
    Rule(500, r"could not insert order", "unknown"),
    Rule(500, r"there are no matching orders", "unknown"),
    Rule(500, r"the trade contains rounding issues", "unknown"),
    Rule(500, r"the price of the taker's order has a discrepancy greater .+", "unknown"),
)
"""The first rule that fits counts."""


class _WireError(msgspec.Struct, frozen=True):
    """Any of the names under which the venue writes its error."""

    error: str | None = None
    error_msg: str | None = None
    error_msg_camel: str | None = msgspec.field(name="errorMsg", default=None)
    retry_after_seconds: int | None = None


_ERROR = msgspec.json.Decoder(_WireError)


def judge(status: int, words: str) -> Judgement:
    """The meaning of an error text under an HTTP status."""
    words = words.strip()
    for rule in RULES:
        if rule.fits(status, words):
            return Judgement(rule.verdict, rule.condition, _told(status, words))
    return Judgement("unknown", None, _told(status, words))


def judge_answer(answer: HttpResponse) -> Judgement:
    """The meaning of an answer that is no success."""
    return judge(answer.status, error_words(answer.body))


def error_words(body: bytes) -> str:
    """The venue's own error text, empty when there is none."""
    wire = _error(body)
    return (wire.error or wire.error_msg or wire.error_msg_camel or "").strip()


def retry_after_us(answer: HttpResponse) -> int | None:
    """How long the venue asks us to wait, by header or body; None when it does not say."""
    headers = {name.lower(): value.strip() for name, value in answer.headers}
    text = headers.get("retry-after", "")
    seconds = int(text) if text.isdecimal() and len(text) <= len(str(RETRY_AFTER_S_MAX)) else None
    if seconds is None:
        seconds = _error(answer.body).retry_after_seconds
    if seconds is None or not 0 <= seconds <= RETRY_AFTER_S_MAX:
        return None
    return seconds * MICRO


def _error(body: bytes) -> _WireError:
    try:
        return _ERROR.decode(body)
    except (ValueError, RecursionError):
        return _WireError()


def _told(status: int, words: str) -> str:
    return f"{status}: {words[:WORDS_MAX] or 'no words we can read'}"
