"""Identifiers of every kind, found, over, or named as missing."""

from foreshock.adapters.venues.polymarket.discovery import Listed
from foreshock.adapters.venues.polymarket.watchlist import NAMES_A_REQUEST_MAX, WatchList
from tests.unit.adapters.venues.polymarket.builders import condition, market, token

POSITION = "663574927012476832975694178961957910328055987427402067619466963999000625152"


def listed(n: int, event: str = "event", **terms: object) -> Listed:
    return Listed(market(n, **terms), f"market-{n}", event)


def resolve(wanted: WatchList) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    resolution = wanted.resolution([], is_truncated=False)
    return len(resolution.markets), resolution.expired, resolution.unresolved


def test_every_kind_asks_by_its_own_parameter() -> None:
    wanted = WatchList([condition(1), token(2, "yes"), POSITION, "some-slug", "12"])
    queries = {query[0][0]: [name for _, name in query] for query in wanted.queries()}
    assert queries == {
        "condition_ids": [condition(1)],
        "clob_token_ids": [token(2, "yes")],
        "position_ids": [POSITION],
        "slug": ["some-slug", "12"],
    }


def test_the_address_of_a_page_names_what_it_shows() -> None:
    wanted = WatchList(["https://polymarket.com/event/fed-december/market-1?tid=5", " Market-2 "])
    assert wanted.slugs() == [["market-1", "market-2"]]
    wanted.take_markets([listed(1), listed(2)])
    assert resolve(wanted) == (2, (), ())


def test_ids_are_found_in_any_case() -> None:
    wanted = WatchList([condition(10).upper().replace("0X", "0x")])
    wanted.take_markets([listed(10)])
    assert resolve(wanted) == (1, (), ())


def test_an_event_brings_its_living_markets_only() -> None:
    wanted = WatchList(["race"])
    wanted.take_events([listed(1, "race"), listed(2, "race", status="settled"), listed(3, "other")])
    assert resolve(wanted) == (1, (), ())


def test_a_series_brings_the_markets_of_its_events() -> None:
    wanted = WatchList(["weekly"])
    wanted.take_events([listed(1, "week-1"), listed(2, "week-2")], series="weekly")
    assert resolve(wanted) == (2, (), ())


def test_what_is_over_is_named_apart_from_what_is_not_found() -> None:
    wanted = WatchList(["market-1", "market-2", "nowhere"])
    wanted.take_markets([listed(1), listed(2, status="closed")])
    assert resolve(wanted) == (1, ("market-2",), ("nowhere",))
    summary = wanted.resolution([], is_truncated=True).summary()
    assert summary == "1 active, 1 unresolved, 1 expired, list cut off"


def test_a_market_asked_for_twice_is_there_once() -> None:
    wanted = WatchList([condition(1), token(1, "no"), "market-1"])
    wanted.take_markets([listed(1)])
    assert resolve(wanted) == (1, (), ())


def test_what_was_found_is_not_asked_for_again() -> None:
    wanted = WatchList(["market-1"])
    wanted.take_markets([listed(1)])
    assert wanted.queries() == wanted.slugs() == []


def test_long_lists_are_asked_for_in_pieces() -> None:
    wanted = WatchList([f"slug-{n}" for n in range(2 * NAMES_A_REQUEST_MAX + 1)])
    assert [len(batch) for batch in wanted.slugs()] == [NAMES_A_REQUEST_MAX, NAMES_A_REQUEST_MAX, 1]
