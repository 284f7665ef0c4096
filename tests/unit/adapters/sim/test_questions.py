"""Is one question put to both venues in their own form?"""

import msgspec

from foreshock.adapters.sim.questions import (
    Ladder,
    Question,
    Source,
    Subject,
    Wording,
    at_kalshi,
    at_polymarket,
    condition_id,
    pair_of,
    rungs,
    slug,
    token_ids,
)

WORDING = Wording(
    event="KXRAIN-26DEC01",
    event_title="Rain in New York on Dec 1?",
    ticker="NYC",
    title="Will it rain in New York?",
    short_title="New York",
    rules="it rains in New York on December 1.",
    source=Source("the service", "https://example.org"),
)
LADDER = Ladder(
    family="btc-26DEC04",
    wording=msgspec.structs.replace(
        WORDING, ticker="T{strike}", title="Above ${amount}?", rules="it is above {strike}."
    ),
    subject=Subject("crypto", 70_000),
    closes_s=60,
    strikes=("90000", "95000.5"),
    middle=92_000.0,
    width=1_000.0,
    ticks=("tenth", "cent"),
)


def test_identifiers_look_like_the_venues_own_and_depend_on_the_key_alone() -> None:
    condition = condition_id("rain")
    assert condition == condition_id("rain") != condition_id("snow")
    assert condition.startswith("0x")
    assert len(condition) == 66
    yes, no = token_ids(condition)
    assert yes != no
    assert yes.isdigit()
    assert no.isdigit()
    assert int(yes) < 2**256


def test_slug_keeps_letters_and_digits() -> None:
    assert slug("Rain in New York on Dec 1?") == "rain-in-new-york-on-dec-1"


def test_the_same_words_in_each_venues_form() -> None:
    polymarket, kalshi = at_polymarket("rain", WORDING), at_kalshi(WORDING)
    assert kalshi.native_id == "KXRAIN-26DEC01-NYC"
    assert kalshi.series == "KXRAIN"
    assert kalshi.rules == (
        "If it rains in New York on December 1, then the market resolves to Yes."
    )
    assert polymarket.event_id == "rain-in-new-york-on-dec-1"
    assert polymarket.rules == (
        'This market will resolve to "Yes" if it rains in New York on December 1. '
        'Otherwise it will resolve to "No".'
    )
    assert polymarket.native_id == condition_id("rain")


def test_rungs_name_their_strike() -> None:
    low, high = rungs(LADDER)
    assert low.key == "btc-26DEC04-90000"
    assert [place.title for place in low.places] == ["Above $90,000?"] * 2
    assert [place.tick for place in low.places] == ["tenth", "cent"]
    assert low.places[1].native_id == "KXRAIN-26DEC01-T90000"
    assert low.places[1].floor_strike == "90000"
    assert low.places[1].strike_type == "greater"
    assert high.places[0].title == "Above $95000.5?"
    assert low.offset == 2.0
    assert high.offset == -3.0005


def test_a_pair_with_an_inverted_market_is_a_complement() -> None:
    first = next(iter(rungs(LADDER)))
    polymarket, kalshi = first.places
    inverted = msgspec.structs.replace(kalshi, native_id="other", is_inverted=True)
    question: Question = msgspec.structs.replace(first, places=(polymarket, kalshi, inverted))
    assert pair_of(question, kalshi).relation == "identity"
    pair = pair_of(question, inverted)
    assert pair.relation == "complement"
    assert (pair.polymarket, pair.kalshi) == (polymarket.native_id, "other")
    assert pair.label == polymarket.title
