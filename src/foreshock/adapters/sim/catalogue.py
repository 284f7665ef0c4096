"""Which questions are there? Some three hundred markets a venue, forty of them truly the same bet."""

from collections.abc import Iterator

import msgspec

from foreshock.adapters.sim.questions import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Place,
    Question,
    Style,
    TruePair,
    both_places,
    ladder,
    pair_of,
)

FED = ("Federal Reserve", "https://www.federalreserve.gov/monetarypolicy.htm")
BLS = ("Bureau of Labor Statistics", "https://www.bls.gov")
CRYPTO_INDEX = ("CF Benchmarks", "https://www.cfbenchmarks.com")
CRYPTO_STREAM = ("Chainlink", "https://data.chain.link/streams")
PRESS = ("consensus of credible reporting", "https://apnews.com")
LEAGUE = ("the league's official result", "https://www.espn.com")
ELECTIONS = ("Associated Press race calls", "https://apnews.com/hub/elections")

GAME_TEAMS = (
    "Atlanta Boston Chicago Cleveland Dallas Denver Detroit Houston Indiana Memphis Miami Milwaukee "
    "Minnesota Orlando Philadelphia Phoenix Portland Sacramento Toronto Utah"
).split()
RACES = (
    ("GOVOH", "Ohio governor", "Abbott Baker Carver Dunn Ellis"),
    ("GOVAZ", "Arizona governor", "Flores Grant Hale Irwin Juarez"),
    ("SENTX", "Texas senate", "Keller Lopez Mason Nash Ortiz"),
    ("SENNC", "North Carolina senate", "Pratt Quinn Reyes Stone Tate"),
    ("MAYNYC", "New York mayor", "Underhill Vance Weiss Xu Young"),
    ("MAYLA", "Los Angeles mayor", "Zeller Ames Brandt Cruz Doyle"),
)
TOPICS = (
    "the two sides sign a ceasefire|geopolitics|0",
    "a trade agreement is announced|geopolitics|0",
    "the canal reopens to all traffic|geopolitics|0",
    "a new sanctions package passes|geopolitics|0",
    "the summit takes place in person|geopolitics|0",
    "the government shuts down|politics|40000",
    "the spending bill becomes law|politics|40000",
    "the nominee is confirmed|politics|40000",
    "the court hears the appeal|politics|40000",
    "the debt ceiling is raised|politics|40000",
    "the flagship phone is released|tech|40000",
    "the model tops the public leaderboard|tech|40000",
    "the merger closes|tech|40000",
    "the launch reaches orbit|tech|40000",
    "the outage lasts over an hour|tech|40000",
)


class Catalogue(msgspec.Struct, frozen=True):
    """Everything the world asks, and which places are the same bet."""

    questions: tuple[Question, ...]
    pairs: tuple[TruePair, ...]


def catalogue(markets_max: int) -> Catalogue:
    """The questions, at most `markets_max` markets a venue; those of pairs are never left out."""
    questions = [*_economics(), *_crypto(), *_weather(), *_politics(), *_sports(), *_topics()]
    pairs = [*_pairs(questions)]
    paired = {pair.question for pair in pairs}
    kept: list[Question] = []
    counts = {"polymarket": 0, "kalshi": 0}
    questions.sort(key=lambda q: q.key not in paired)
    for question in questions:
        if question.key in paired or max(counts.values()) < markets_max:
            kept.append(question)
            for place in question.places:
                counts[place.venue] += 1
    return Catalogue(tuple(kept), tuple(pairs))


def _economics() -> Iterator[Question]:
    meetings = (
        ("27JAN", "January 2027", 9),
        ("27MAR", "March 2027", 50),
        ("27APR", "April 2027", 90),
    )
    for code, month, days in meetings:
        strikes = ["3.00", "3.25", "3.50", "3.75", "4.00", "4.25"]
        for strike, offset in ladder(strikes, 3.62, 0.22):
            yield _both(
                f"fed-{code}-{strike}",
                f"fed-{code}",
                offset,
                ("economics", 50_000, days * DAY_S),
                f"KXFED-{code}|Fed funds rate after the {month} meeting",
                f"T{strike}",
                f"Will the upper bound of the federal funds rate be above {strike}% after {month}?",
                f"Above {strike}%",
                f"the upper bound of the target federal funds rate is above {strike}% following the "
                f"Federal Reserve's {month} meeting.",
                FED,
                strike,
            )
    for code, month, days in (("26NOV", "November 2026", 12), ("26DEC", "December 2026", 40)):
        strikes = [f"{tenths / 10:.1f}" for tenths in range(24, 34)]
        for strike, offset in ladder(strikes, 2.86, 0.13):
            yield _both(
                f"cpi-{code}-{strike}",
                f"cpi-{code}",
                offset,
                ("economics", 50_000, days * DAY_S),
                f"KXCPIYOY-{code}|CPI inflation in {month}",
                f"T{strike}",
                f"Will CPI rise more than {strike}% in the year to {month}?",
                f"Above {strike}%",
                f"the Consumer Price Index for All Urban Consumers rises more than {strike}% in the "
                f"twelve months to {month}, not seasonally adjusted, as first published.",
                BLS,
                strike,
            )
    for code, month, days in (("26NOV", "November 2026", 14), ("26DEC", "December 2026", 42)):
        for strike, offset in ladder(["4.0", "4.1", "4.2", "4.3", "4.4", "4.5"], 4.27, 0.09):
            yield _both(
                f"u3-{code}-{strike}",
                f"u3-{code}",
                offset,
                ("economics", 50_000, days * DAY_S),
                f"KXU3-{code}|Unemployment rate in {month}",
                f"T{strike}",
                f"Will unemployment be above {strike}% in {month}?",
                f"Above {strike}%",
                f"the U-3 unemployment rate for {month} is above {strike}%, as first published.",
                BLS,
                strike,
            )


def _crypto() -> Iterator[Question]:
    for code, days in (("26DEC04", 3), ("26DEC11", 10), ("26DEC31", 30)):
        strikes = [str(thousands * 1_000) for thousands in range(86, 110, 2)]
        for strike, offset in ladder(strikes, 97_400, 4_200 + 900 * days**0.5):
            yield _coin("Bitcoin", "BTC", code, strike, offset, days)
    for code, days in (("26DEC04", 3), ("26DEC11", 10)):
        strikes = [str(hundreds * 100) for hundreds in range(30, 46, 2)]
        for strike, offset in ladder(strikes, 3_720, 160 + 45 * days**0.5):
            yield _coin("Ethereum", "ETH", code, strike, offset, days)
    for number in range(8):
        yield from _window(number)


def _coin(name: str, coin: str, code: str, strike: str, offset: float, days: int) -> Question:  # noqa: PLR0917 - one row of a table
    return _both(
        f"{coin.lower()}-{code}-{strike}",
        f"{coin.lower()}-{code}",
        offset,
        ("crypto", 70_000, days * DAY_S),
        f"KX{coin}D-{code}17|{name} price on {code} at 5pm ET",
        f"T{strike}",
        f"Will {name} be above ${int(strike):,} on {code} at 5pm ET?",
        f"${int(strike):,} or above",
        f"the simple average of the CF Benchmarks {name} real-time index over the sixty seconds "
        f"before 5 PM ET on {code} is above {strike}.",
        CRYPTO_INDEX,
        strike,
    )


def _window(number: int) -> Iterator[Question]:
    """A 15-minute up/down window: the venues read different indices, so these are no pairs."""
    closes_s = 4 * MINUTE_S + number * 15 * MINUTE_S
    for venue, source in (("polymarket", CRYPTO_STREAM), ("kalshi", CRYPTO_INDEX)):
        key = f"btc-15m-{number}-{venue}"
        polymarket, kalshi = both_places(
            key,
            f"KXBTC15M-W{number:02d}|Bitcoin up or down, window {number + 1}",
            "00",
            f"Bitcoin up or down in window {number + 1}?",
            f"Window {number + 1}",
            f"the {source[0]} price of Bitcoin at the end of the window is at least its price at "
            "the start.",
            source,
        )
        place = polymarket if venue == "polymarket" else kalshi
        if venue == "polymarket":
            place = msgspec.structs.replace(place, labels=("Up", "Down"))
        yield Question(
            key=key,
            family=f"btc-15m-{number}",
            shape="single",
            offset=0.15 * (number % 3 - 1),
            category="crypto",
            fee_rate_ppm=70_000,
            closes_s=closes_s,
            places=(place,),
        )


def _weather() -> Iterator[Question]:
    """The venues settle on different stations: look-alikes, never pairs."""
    for code, city in (("NY", "New York"), ("CHI", "Chicago"), ("MIA", "Miami"), ("AUS", "Austin")):
        for day in ("26NOV22", "26NOV23"):
            for number, offset in enumerate((-1.6, -0.4, 0.3, 0.2, -0.7, -2.0)):
                low = 48 + 2 * number
                for venue, station in (("polymarket", "airport"), ("kalshi", "city park")):
                    key = f"high-{code}-{day}-{low}-{venue}"
                    polymarket, kalshi = both_places(
                        key,
                        f"KXHIGH{code}-{day}|Highest temperature in {city} on {day}",
                        f"B{low}.5",
                        f"Will the high in {city} be {low}-{low + 1}F on {day}?",
                        f"{low}-{low + 1}F",
                        f"the highest temperature at the {city} {station} station on {day} is "
                        f"{low} or {low + 1} degrees Fahrenheit.",
                        ("National Weather Service", "https://www.weather.gov"),
                    )
                    yield Question(
                        key=key,
                        family=f"high-{code}-{day}-{venue}",
                        shape="exclusive",
                        offset=offset + (0.35 if venue == "kalshi" else 0.0),
                        category="weather",
                        fee_rate_ppm=50_000,
                        closes_s=20 * HOUR_S,
                        places=(polymarket if venue == "polymarket" else kalshi,),
                    )


def _politics() -> Iterator[Question]:
    for code, race, names in RACES:
        for number, name in enumerate(names.split()):
            yield _both(
                f"race-{code}-{name}",
                f"race-{code}",
                1.1 - 0.8 * number,
                ("politics", 40_000, 120 * DAY_S),
                f"KX{code}-27|Who will win the {race} election?",
                name[:3].upper(),
                f"Will {name} win the {race} election?",
                name,
                f"{name} wins the {race} election held in 2027.",
                ELECTIONS,
                shape="exclusive",
            )


def _sports() -> Iterator[Question]:
    for number in range(40):
        home = GAME_TEAMS[number % len(GAME_TEAMS)]
        away = GAME_TEAMS[(number * 7 + 3) % len(GAME_TEAMS)]
        if home == away:
            away = GAME_TEAMS[(number * 7 + 4) % len(GAME_TEAMS)]
        yield _game(number, home, away)


def _game(number: int, home: str, away: str) -> Question:
    """Polymarket asks once, Kalshi once for each team: the away one is the complement."""
    key = f"game-{number:02d}-{home}-{away}".lower()
    code = f"{home[:3]}{away[:3]}".upper()
    rules = "{0} wins the game against {1} (game %d of the simulated season), overtime included."
    event = f"KXSIMGAME-G{number:02d}{code}|{away} at {home}, game {number}"
    title = "Will {0} beat {1}?"
    polymarket, first = both_places(
        key,
        event,
        home[:3].upper(),
        title.format(home, away),
        home,
        rules.format(home, away) % number,
        LEAGUE,
    )
    _, second = both_places(
        key,
        event,
        away[:3].upper() + "2",
        title.format(away, home),
        away,
        rules.format(away, home) % number,
        LEAGUE,
    )
    polymarket = msgspec.structs.replace(polymarket, labels=(home, away))
    second = msgspec.structs.replace(second, is_inverted=True)
    closes_s = 6 * MINUTE_S if number in (30, 31) else (2 + number % 5) * HOUR_S
    return Question(
        key=key,
        family=key,
        shape="single",
        offset=0.25 * (number % 9 - 4),
        category="sports",
        fee_rate_ppm=50_000,
        closes_s=closes_s,
        places=(polymarket, first, second),
    )


def _topics() -> Iterator[Question]:
    styles: tuple[Style, ...] = ("normal", "normal", "thin", "one_sided", "stale")
    for number, row in enumerate(TOPICS):
        what, category, fee = row.split("|")
        for days, deadline in (
            (40, "December 31, 2026"),
            (71, "January 31, 2027"),
            (131, "March 31, 2027"),
        ):
            yield _topic(number, what, category, int(fee), days, deadline, styles[number % 5])


def _topic(  # noqa: PLR0913, PLR0917 - one row of a table
    number: int, what: str, category: str, fee: int, days: int, deadline: str, style: Style
) -> Question:
    """The last deadline is listed at one venue only, each the other's look-alike."""
    question = _both(
        f"topic-{number:02d}-{days}",
        f"topic-{number:02d}",
        -1.4 + 0.2 * (number % 7) + 0.012 * days,
        (category, fee, days * DAY_S),
        f"KXSIMTOPIC{number:02d}-D{days}|Will it happen: {what}?",
        "Y",
        f"Will it happen by {deadline}: {what}?",
        deadline,
        f"{what} (topic {number} of the simulated world) by {deadline}, 11:59 PM ET.",
        PRESS,
        shape="single",
    )
    one_venue = {71: "polymarket", 131: "kalshi"}.get(days)
    places = tuple(p for p in question.places if one_venue in (None, p.venue))
    return msgspec.structs.replace(question, places=places, style=style)


def _both(  # noqa: PLR0913, PLR0917 - one row of a table
    key: str,
    family: str,
    offset: float,
    terms: tuple[str, int, int],
    event: str,
    ticker: str,
    title: str,
    short: str,
    rules: str,
    source: tuple[str, str],
    strike: str | None = None,
    shape: str = "threshold",
) -> Question:
    places: tuple[Place, ...] = both_places(key, event, ticker, title, short, rules, source, strike)
    return msgspec.convert(
        {
            "key": key,
            "family": family,
            "shape": shape,
            "offset": offset,
            "category": terms[0],
            "fee_rate_ppm": terms[1],
            "closes_s": terms[2],
            "places": [msgspec.to_builtins(place) for place in places],
        },
        Question,
    )


def _pairs(questions: list[Question]) -> Iterator[TruePair]:
    by_key = {question.key: question for question in questions}
    wanted = [f"fed-27JAN-{s}" for s in ("3.25", "3.50", "3.75", "4.00")]
    wanted += [f"cpi-26NOV-{s}" for s in ("2.7", "2.8", "2.9", "3.0", "3.1")]
    wanted += [f"u3-26NOV-{s}" for s in ("4.1", "4.2", "4.3", "4.4")]
    wanted += [f"btc-26DEC04-{s}" for s in ("94000", "96000", "98000", "100000", "102000")]
    wanted += [f"eth-26DEC04-{s}" for s in ("3600", "3800", "4000")]
    wanted += ["race-GOVOH-Abbott", "race-GOVOH-Baker", "race-SENTX-Keller"]
    wanted += ["topic-00-40", "topic-01-40", "topic-05-40", "topic-06-40"]
    for key in wanted:
        question = by_key[key]
        yield pair_of(question, question.places[0].title)
    games = [question for question in questions if question.key.startswith("game-")]
    for number, question in enumerate(games[:12]):
        kalshi = question.places[1 + number % 2]
        yield pair_of(question, question.places[0].title, kalshi)
