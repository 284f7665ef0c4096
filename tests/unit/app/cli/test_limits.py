"""Does a person see what a change means, and is a looser limit only sent when it was typed?"""

import io
import json
from collections.abc import Sequence

import msgspec
import pytest

from foreshock.app import client
from foreshock.app.cli import limits
from foreshock.app.exits import Exit
from foreshock.app.limits_client import is_looser, limits_of, setting_of
from foreshock.dashboard.limits import LimitChangeView, LimitSettingView, LimitsView
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk

PLAIN = LimitSettingView(
    key="market_max",
    code="MARKET_LIMIT",
    words="committed in one market",
    unit="dollars",
    is_looser_above=True,
    in_force=50_000_000,
    wanted=None,
    wanted_words="",
    used=None,
    refused_count=2,
)


def setting(**changes: object) -> LimitSettingView:
    return msgspec.structs.replace(PLAIN, **changes)


def page(*changes: LimitChangeView, **shown: object) -> LimitsView:
    return LimitsView(
        settings=[setting(**shown)], changes=list(changes), health=[], refused={}, reviews=[]
    )


def change(after: int, words: str = "", at_us: int = 5) -> LimitChangeView:
    return LimitChangeView(
        at_us=at_us,
        key="market_max",
        before=50_000_000,
        after=after,
        by="command line",
        words=words,
    )


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PROOF_PAUSE_S", 0)


def sent(desk: FakeDesk) -> list[dict[str, object]]:
    return [json.loads(body) for method, _, body in desk.asked if method == "POST"]


def test_limits_are_shown_with_what_waits(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/limits", page(wanted=90_000_000, wanted_words="looser in the file"))
    code, out, err = command("limits", "show")
    assert code == 0
    assert "market_max  $50.00" in out
    assert "market_max stays $50.00, not $90.00: looser in the file" in err


def test_a_tighter_limit_is_sent_without_a_question(desk: FakeDesk, command: Run) -> None:
    changed = page(change(40_000_000), in_force=40_000_000)
    lay_each(desk, [page(), page(), page(), changed])
    code, _, err = command("limits", "set", "market_max", "40")
    assert (code, err) == (0, "market_max: $50.00 -> $40.00, in force and on record\n")
    assert sent(desk) == [{"key": "market_max", "value": 40_000_000, "confirm": ""}]


def lay_each(desk: FakeDesk, answers: Sequence[LimitsView]) -> None:
    """Each time the limits are asked for the next page answers, the last one for good."""
    pages = list(answers)
    desk.lay("/api/limits", pages[0])
    original = desk.answered

    def answered(path: str) -> None:
        if path == "/api/limits" and len(pages) > 1:
            pages.pop(0)
            desk.lay("/api/limits", pages[0])
        original(path)

    desk.answered = answered


@pytest.mark.parametrize("typed", ["", "yes\n", "loosen\n", "loosen platform_max\n"])
def test_a_looser_limit_that_is_not_typed_is_not_sent(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    desk.lay("/api/limits", page())
    code, _, err = command("limits", "set", "market_max", "90")
    assert code == Exit.USAGE
    assert "becomes LOOSER:\n  - $50.00\n  + $90.00" in err
    assert sent(desk) == []


@pytest.mark.parametrize("as_option", [True, False])
def test_a_looser_limit_is_sent_with_the_phrase(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch, *, as_option: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("" if as_option else "loosen market_max\n"))
    lay_each(desk, [page(), page(), page(), page(change(90_000_000), in_force=90_000_000)])
    extra = ("--confirm", "loosen market_max") if as_option else ()
    code, _, _ = command("limits", "set", "market_max", "90", *extra)
    assert code == 0
    assert sent(desk)[0]["confirm"] == "loosen market_max"


def test_a_limit_that_stays_says_why(desk: FakeDesk, command: Run) -> None:
    kept = change(40_000_000, "a limit is not that large")
    lay_each(desk, [page(), page(), page(), page(kept)])
    code, _, err = command("limits", "set", "market_max", "40")
    assert code == Exit.RISK
    assert "market_max stays $50.00: a limit is not that large" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("market_min", "4"), "there is no limit"), (("market_max", "much"), "not a decimal number")],
)
def test_what_makes_no_sense_is_not_sent(
    desk: FakeDesk, command: Run, arguments: tuple[str, str], words: str
) -> None:
    desk.lay("/api/limits", page())
    code, _, err = command("limits", "set", *arguments)
    assert code == Exit.USAGE
    assert words in err
    assert sent(desk) == []


def test_a_review_is_only_claimed_when_it_is_on_record(desk: FakeDesk, command: Run) -> None:
    note = "a venue voided a market; both accounts were compared"
    told = LimitChangeView(at_us=1, key="review", before=None, after=None, by="x", words=note)
    desk.lay("/api/limits", page())
    code, _, err = command("review", "--note", note)
    assert code == Exit.FAILED
    assert "has not put it on record" in err
    desk.lay("/api/limits", msgspec.structs.replace(page(), reviews=[told]))
    code, _, err = command("review", "--note", note)
    assert (code, err) == (0, "reviewed and on record; trade again with: foreshock resume\n")


def test_the_module_offers_its_commands(command: Run) -> None:
    _, out, _ = command("--help")
    assert "limits" in out
    assert limits.review.__name__ in out


def test_not_watched_is_loosest() -> None:
    assert is_looser(setting(), None)
    assert not is_looser(setting(in_force=None), 7)
    assert is_looser(setting(is_looser_above=False), 1)
    assert setting_of(page(), "market_max").code == "MARKET_LIMIT"
    assert limits_of.__name__ == "limits_of"
