"""Does every command get its own answer, however many markets it is about?"""

import json

from foreshock.adapters.venues.kalshi.commands import ANSWER_WAIT, BOOKS, LIFECYCLE, Commands
from foreshock.core.domain.units import Instant
from tests.unit.adapters.venues.kalshi.builders import T0


def test_many_markets_go_in_chunks_of_five_hundred() -> None:
    commands = Commands()
    commands.subscribe(BOOKS, [f"T{n}" for n in range(1_201)], T0)
    sent = [json.loads(text) for text in commands.take()]
    assert [len(one["params"]["market_tickers"]) for one in sent] == [500, 500, 201]
    assert [one["id"] for one in sent] == [1, 2, 3]
    assert commands.take() == []


def test_a_channel_without_filter_names_no_market() -> None:
    commands = Commands()
    commands.subscribe(LIFECYCLE, (), T0)
    (sent,) = (json.loads(text) for text in commands.take())
    assert sent["params"] == {"channels": [LIFECYCLE]}


def test_answers_may_come_in_any_order_and_only_once() -> None:
    commands = Commands()
    commands.snapshots(1, ["A"], T0)
    commands.leave(1, ["B"], T0)
    second, first = commands.answered(2), commands.answered(1)
    assert second is not None
    assert first is not None
    assert (second.what, first.what) == ("delete_markets", "get_snapshot")
    assert commands.answered(1) is None


def test_the_oldest_unanswered_command_is_overdue_after_its_time() -> None:
    commands = Commands()
    commands.unsubscribe(1, T0)
    assert commands.overdue(Instant(T0 + ANSWER_WAIT)) is None
    overdue = commands.overdue(Instant(T0 + ANSWER_WAIT + 1))
    assert overdue is not None
    assert overdue.what == "unsubscribe"
