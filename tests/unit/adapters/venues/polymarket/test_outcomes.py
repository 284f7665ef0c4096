"""The table of errors: each documented text has its one meaning, and no other text has any.

The texts are those of Polymarket's error page, OpenAPI and clients as of October 2026.
"""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.polymarket.outcomes import (
    RULES,
    Verdict,
    error_words,
    judge,
    judge_answer,
    retry_after_us,
)
from foreshock.core.domain.accounts import VenueCondition

HASH = "0x7c794573a3e8847a935820de8b7beaffd790fc1ba505412b6acc6d1e87c0bebe"
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
DOCUMENTED: list[tuple[int, str, Verdict, VenueCondition | None]] = [
    (400, "Invalid L1 Request headers", "rejected", "not_ready"),
    (401, "Unauthorized/Invalid api key", "rejected", "not_ready"),
    (400, "Invalid order payload", "rejected", "not_ready"),
    (400, "the order owner has to be the owner of the API KEY", "rejected", "not_ready"),
    (
        400,
        "the order signer address has to be the address of the API KEY",
        "rejected",
        "not_ready",
    ),
    (400, f"'{ADDRESS}' address banned", "rejected", "not_ready"),
    (400, f"'{ADDRESS}' address in closed only mode", "rejected", "closing_only"),
    (400, "Too many orders in payload: 16, max allowed: 15", "rejected", None),
    (400, "invalid signature", "rejected", "not_ready"),
    (400, "order_version_mismatch", "rejected", "not_ready"),
    (
        400,
        "invalid order version, please use the latest clob-client",
        "rejected",
        "not_ready",
    ),
    (
        400,
        "maker address not allowed, please use the deposit wallet flow",
        "rejected",
        "not_ready",
    ),
    (400, "invalid post-only order: order crosses book", "rejected", None),
    (
        400,
        f"order {HASH} is invalid. Price (0.525) breaks minimum tick size rule: 0.01",
        "rejected",
        None,
    ),
    (400, f"order {HASH} is invalid. Size (4) lower than the minimum: 5", "rejected", None),
    (400, f"order {HASH} is invalid. Duplicated.", "unknown", None),
    (400, f"order {HASH} crosses the book", "rejected", None),
    (400, "not enough balance / allowance", "rejected", None),
    (
        400,
        "not enough balance / allowance: the balance is not enough -> balance: 1,"
        " sum of matched orders: 2, order amount: 3",
        "rejected",
        None,
    ),
    (400, "invalid nonce", "rejected", None),
    (400, "invalid expiration", "rejected", None),
    (400, "order canceled in the CTF exchange contract", "rejected", None),
    (400, "order match delayed due to market conditions", "unknown", None),
    (
        400,
        "order couldn't be fully filled. FOK orders are fully filled or killed.",
        "killed",
        None,
    ),
    (
        400,
        "no orders found to match with FAK order."
        " FAK orders are partially filled or killed if no match is found.",
        "killed",
        None,
    ),
    (400, "the market is not yet ready to process new orders", "rejected", None),
    (400, "invalid amount for a marketable BUY order ($0.5), min size: $1", "rejected", None),
    (
        400,
        "invalid amounts, the market buy orders maker amount supports a max accuracy of 2"
        " decimals, taker amount a max of 4 decimals",
        "rejected",
        None,
    ),
    (404, "market not found", "rejected", None),
    (404, "No orderbook exists for the requested token id", "rejected", None),
    (425, "", "unknown", "restarting"),
    (429, "Too Many Requests", "rejected", None),
    (500, "could not insert order", "unknown", None),
    (500, "there are no matching orders", "unknown", None),
    (500, "the trade contains rounding issues", "unknown", None),
    (
        500,
        "the price of the taker's order has a discrepancy greater than allowed with the worst"
        " maker order",
        "unknown",
        None,
    ),
    (503, "trading is disabled", "unknown", "trading_disabled"),
    (
        503,
        "Trading is currently disabled. Check polymarket.com for updates",
        "unknown",
        "trading_disabled",
    ),
    (
        503,
        "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.",
        "unknown",
        "cancel_only",
    ),
    (
        503,
        "post-only mode: only post-only orders and cancels are allowed",
        "unknown",
        "cancel_only",
    ),
    (403, "", "unknown", "geoblocked"),
]


def body(words: str) -> bytes:
    return json.dumps({"error": words}).encode()


@pytest.mark.parametrize(("status", "words", "verdict", "condition"), DOCUMENTED)
def test_every_documented_error_has_its_meaning(
    status: int, words: str, verdict: Verdict, condition: VenueCondition | None
) -> None:
    found = judge_answer(HttpResponse(status, body(words)))
    assert (found.verdict, found.condition) == (verdict, condition)
    assert words[:200] in found.words


def test_every_rule_is_exercised_by_a_documented_text() -> None:
    used = {
        next(i for i, rule in enumerate(RULES) if rule.fits(status, words))
        for status, words, _, _ in DOCUMENTED
    }
    assert used == set(range(len(RULES)))


@pytest.mark.parametrize(("status", "words", "verdict", "condition"), DOCUMENTED)
def test_a_refusal_inside_a_success_means_the_same(
    status: int, words: str, verdict: Verdict, condition: VenueCondition | None
) -> None:
    found = judge(200, words)
    if status in {400, 404}:
        assert (found.verdict, found.condition) == (verdict, condition)
    else:
        assert found.verdict == "unknown"


@given(st.integers(100, 599), st.text(max_size=120))
def test_what_nobody_documented_is_never_rejected(status: int, words: str) -> None:
    assume(status != 429)
    assume(not any(rule.fits(status, words.strip()) for rule in RULES))
    found = judge_answer(HttpResponse(status, body(words)))
    assert found.verdict == "unknown"
    assert found.condition is None


@given(st.sampled_from(DOCUMENTED), st.text("abcxyz .:", min_size=1, max_size=8))
def test_a_documented_text_with_other_words_around_it_is_never_taken_for_it(
    documented: tuple[int, str, Verdict, VenueCondition | None], more: str
) -> None:
    """Only whole texts count, but for those that end in a number or words of the venue's choice."""
    status, words, _, _ = documented
    assume(status == 400 and more.strip())
    assert judge(status, f"{more.strip()} {words}").verdict == "unknown"


@given(st.integers(500, 599), st.sampled_from([words for _, words, _, _ in DOCUMENTED]))
def test_no_server_error_is_ever_certain(status: int, words: str) -> None:
    assert judge(status, words).verdict == "unknown"


@given(st.binary(max_size=200))
def test_a_body_without_words_of_the_venue_is_unknown(raw: bytes) -> None:
    assume(not error_words(raw))
    for status in (200, 400, 404, 500):
        assert judge_answer(HttpResponse(status, raw)).verdict == "unknown"


@pytest.mark.parametrize(
    "raw",
    [b'{"error":"x"}', b'{"error_msg":"x"}', b'{"errorMsg":" x "}', b'{"error":"x","code":"y"}'],
)
def test_the_words_are_found_under_each_of_their_names(raw: bytes) -> None:
    assert error_words(raw) == "x"


@pytest.mark.parametrize(
    ("headers", "raw", "expected"),
    [
        ((("Retry-After", "2"),), b"", 2_000_000),
        ((("retry-after", "7"),), b'{"retry_after_seconds":79}', 7_000_000),
        ((), b'{"error":"post-only mode","retry_after_seconds":79}', 79_000_000),
        ((("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"),), b"", None),
        ((("Retry-After", "999999"),), b"", None),
        ((), b'{"retry_after_seconds":-1}', None),
        ((), b"", None),
    ],
)
def test_the_wait_is_read_from_header_or_body(
    headers: tuple[tuple[str, str], ...], raw: bytes, expected: int | None
) -> None:
    assert retry_after_us(HttpResponse(503, raw, headers)) == expected
