"""What does the simulated world ask about numbers? Rates, prices and jobs, at many strikes."""

from collections.abc import Iterator

import msgspec

from foreshock.adapters.sim.questions import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    CoinTerms,
    Ladder,
    Question,
    Source,
    Subject,
    Wording,
    at_kalshi,
    at_polymarket,
    day_in_words,
    rungs,
)

FED = Source("Federal Reserve", "https://www.federalreserve.gov/monetarypolicy.htm")
BLS = Source("Bureau of Labor Statistics", "https://www.bls.gov")
CRYPTO_INDEX = Source("CF Benchmarks", "https://www.cfbenchmarks.com")
CRYPTO_STREAM = Source("Chainlink", "https://data.chain.link/streams")

ECONOMICS = Subject("economics", 50_000)
CRYPTO = Subject("crypto", 70_000)

MEETINGS = (
    ("27JAN", "January 2027", 9),
    ("27MAR", "March 2027", 50),
    ("27APR", "April 2027", 90),
)
CPI_MONTHS = (("26NOV", "November 2026", 12), ("26DEC", "December 2026", 40))
U3_MONTHS = (("26NOV", "November 2026", 14), ("26DEC", "December 2026", 42))
BITCOIN_DAYS = (("26DEC04", 3), ("26DEC11", 10), ("26DEC31", 30))
ETHEREUM_DAYS = (("26DEC04", 3), ("26DEC11", 10))
NAMES = {"BTC": "Bitcoin", "ETH": "Ethereum", "SOL": "Solana"}
WINDOWS = {"BTC": 8, "ETH": 2, "SOL": 2}
FIRST_WINDOW_S = 4 * MINUTE_S
WINDOW_S = 15 * MINUTE_S
FIRST_HOUR_S = 34 * MINUTE_S
CLOSE_STRIKES = (97_000, 97_400, 97_800)
CLOSES_COUNT = 3
LATE_WINDOW = 1
"""This window is listed only once the one before it has closed."""


def economics() -> Iterator[Question]:
    """Interest rates, inflation, unemployment."""
    for code, month, days in MEETINGS:
        yield from rungs(_fed(code, month, days))
    for code, month, days in CPI_MONTHS:
        yield from rungs(_cpi(code, month, days))
    for code, month, days in U3_MONTHS:
        yield from rungs(_unemployment(code, month, days))


def _fed(code: str, month: str, days: int) -> Ladder:
    return Ladder(
        family=f"fed-{code}",
        wording=Wording(
            event=f"KXFED-{code}",
            event_title=f"Fed funds rate after the {month} meeting",
            ticker="T{strike}",
            title="Will the upper bound of the federal funds rate be above {strike}% "
            f"after {month}?",
            short_title="Above {strike}%",
            rules="the upper bound of the target federal funds rate is above {strike}% following "
            f"the Federal Reserve's {month} meeting.",
            source=FED,
        ),
        subject=ECONOMICS,
        closes_s=days * DAY_S,
        strikes=("3.00", "3.25", "3.50", "3.75", "4.00", "4.25"),
        middle=3.62,
        width=0.22,
        liquidity="deep",
    )


def _cpi(code: str, month: str, days: int) -> Ladder:
    return Ladder(
        family=f"cpi-{code}",
        wording=Wording(
            event=f"KXCPIYOY-{code}",
            event_title=f"CPI inflation in {month}",
            ticker="T{strike}",
            title=f"Will CPI rise more than {{strike}}% in the year to {month}?",
            short_title="Above {strike}%",
            rules="the Consumer Price Index for All Urban Consumers rises more than {strike}% in "
            f"the twelve months to {month}, not seasonally adjusted, as first published.",
            source=BLS,
        ),
        subject=ECONOMICS,
        closes_s=days * DAY_S,
        strikes=tuple(f"{tenths // 10}.{tenths % 10}" for tenths in range(24, 34)),
        middle=2.86,
        width=0.13,
    )


def _unemployment(code: str, month: str, days: int) -> Ladder:
    return Ladder(
        family=f"u3-{code}",
        wording=Wording(
            event=f"KXU3-{code}",
            event_title=f"Unemployment rate in {month}",
            ticker="T{strike}",
            title=f"Will unemployment be above {{strike}}% in {month}?",
            short_title="Above {strike}%",
            rules=f"the U-3 unemployment rate for {month} is above {{strike}}%, "
            "as first published.",
            source=BLS,
        ),
        subject=ECONOMICS,
        closes_s=days * DAY_S,
        strikes=("4.0", "4.1", "4.2", "4.3", "4.4", "4.5"),
        middle=4.27,
        width=0.09,
        ticks=("tenth", "cent"),
    )


def crypto() -> Iterator[Question]:
    """Daily price ladders, and windows of a quarter of an hour."""
    for code, days in BITCOIN_DAYS:
        wording, width = _coin_wording("Bitcoin", "BTC", code), 4_200 + 900 * days**0.5
        strikes = tuple(str(thousands * 1_000) for thousands in range(86, 110, 2))
        yield from rungs(_coin(f"btc-{code}", wording, days, strikes, (97_400, width)))
    for code, days in ETHEREUM_DAYS:
        wording, width = _coin_wording("Ethereum", "ETH", code), 160 + 45 * days**0.5
        strikes = tuple(str(hundreds * 100) for hundreds in range(30, 46, 2))
        yield from rungs(_coin(f"eth-{code}", wording, days, strikes, (3_720, width)))
    for coin, count in WINDOWS.items():
        for number in range(count):
            yield from _window(coin, number)
    yield from _hour()
    for number in range(CLOSES_COUNT):
        yield from _closes(number)


def _coin_wording(name: str, coin: str, code: str) -> Wording:
    day = day_in_words(code)
    return Wording(
        event=f"KX{coin}D-{code}17",
        event_title=f"{name} price on {day} at 5pm ET",
        ticker="T{strike}",
        title=f"Will {name} be above ${{amount}} on {day} at 5pm ET?",
        short_title="Above ${amount}",
        rules=f"the simple average of the CF Benchmarks {name} real-time index over the sixty "
        f"seconds before 5 PM ET on {day} is above {{strike}}.",
        source=CRYPTO_INDEX,
    )


def _coin(
    family: str,
    wording: Wording,
    days: int,
    strikes: tuple[str, ...],
    shape: tuple[float, float],
) -> Ladder:
    return Ladder(
        family=family,
        wording=wording,
        subject=CRYPTO,
        closes_s=days * DAY_S,
        strikes=strikes,
        middle=shape[0],
        width=shape[1],
        ticks=("cent", "tenth" if family.startswith("eth") else "cent"),
        liquidity="deep" if family.startswith("btc") else "normal",
        coin=family.partition("-")[0].upper(),
    )


def _window(coin: str, number: int) -> Iterator[Question]:
    """Up or down: the venues read different indices, so these are look-alikes, never pairs."""
    closes_s = FIRST_WINDOW_S + number * WINDOW_S
    yield from _up_or_down(
        f"{coin.lower()}-15m-{number}",
        Wording(
            event=f"KX{coin}15M-W{number:02d}",
            event_title=f"{NAMES[coin]} up or down, window {number + 1}",
            ticker="00",
            title=f"{NAMES[coin]} up or down in the 15 minutes of window {number + 1}?",
            short_title="Up",
            rules=f"price of {NAMES[coin]} at the end of window {number + 1}",
            source=CRYPTO_INDEX,
        ),
        closes_s,
        CoinTerms(coin, None, closes_s - WINDOW_S),
    )


def _hour() -> Iterator[Question]:
    yield from _up_or_down(
        "btc-60m-0",
        Wording(
            event="KXBTC60M-W00",
            event_title="Bitcoin up or down, the hour",
            ticker="00",
            title="Bitcoin up or down in the 60 minutes of window 1?",
            short_title="Up",
            rules="price of Bitcoin at the end of the hour",
            source=CRYPTO_INDEX,
        ),
        FIRST_HOUR_S,
        CoinTerms("BTC", None, FIRST_HOUR_S - HOUR_S),
    )


def _up_or_down(
    family: str, wording: Wording, closes_s: int, coin: CoinTerms
) -> Iterator[Question]:
    """One question a venue. wording.rules: which price, without whose it is."""
    for venue, source in (("polymarket", CRYPTO_STREAM), ("kalshi", CRYPTO_INDEX)):
        key = f"{family}-{venue}"
        rules = f"the {source.name} {wording.rules} is at least its price at the start."
        asked = msgspec.structs.replace(wording, rules=rules, source=source)
        place = at_kalshi(asked, "tapered")
        if venue == "polymarket":
            place = msgspec.structs.replace(at_polymarket(key, asked), labels=("Up", "Down"))
        yield Question(
            key=key,
            family=family,
            shape="single",
            offset=0.0,
            subject=CRYPTO,
            opens_s=FIRST_WINDOW_S if family == f"btc-15m-{LATE_WINDOW}" else 0,
            closes_s=closes_s,
            places=(place,),
            coin=coin,
        )


def _closes(number: int) -> Iterator[Question]:
    """Strikes near the price at the end of a window, at Kalshi only."""
    for strike in CLOSE_STRIKES:
        wording = Wording(
            event=f"KXBTCCLOSE-W{number:02d}",
            event_title=f"Bitcoin at the close of window {number + 1}",
            ticker=f"T{strike}",
            title=f"Will Bitcoin be above ${strike:,} at the close?",
            short_title=f"Above ${strike:,}",
            rules=f"the CF Benchmarks price of Bitcoin at the end of window {number + 1} is above "
            f"{strike}.",
            source=CRYPTO_INDEX,
            floor_strike=str(strike),
        )
        yield Question(
            key=f"btc-close-{number}-{strike}",
            family=f"btc-close-{number}",
            shape="threshold",
            offset=0.0,
            subject=CRYPTO,
            closes_s=FIRST_WINDOW_S + number * WINDOW_S,
            places=(at_kalshi(wording),),
            coin=CoinTerms("BTC", strike),
        )
