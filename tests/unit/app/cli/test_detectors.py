"""What an operator types about detectors and baselines reaches the desk; the test needs none."""

import json

import pytest

from foreshock.app.exits import Exit
from foreshock.dashboard.signal_routes import ResetTaken
from foreshock.dashboard.signal_views import ResetView, VolumeView
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk


def test_the_detectors_are_tried_without_a_desk(command: Run) -> None:
    code, out, err = command("spike-test", "-o", "json")
    assert (code, err) == (0, "")
    checks = json.loads(out)
    assert [check["is_right"] for check in checks] == [True] * 4
    assert [check["result"] == "silent" for check in checks] == [True, False, True, False]


def test_the_old_name_of_the_test_still_works(command: Run) -> None:
    code, out, _ = command("--smoke-test")
    assert code == 0
    assert "high conviction flow" in out


def test_a_detector_that_was_silenced_fails_the_test(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPIKE_SCORE_THRESHOLD", "1000")
    code, out, err = command("spike-test")
    assert code == Exit.FAILED
    assert "NO" in out
    assert "[spikes]" in err


def test_a_reset_names_the_market_and_says_how_to_undo_it(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/reset-baselines", ResetTaken("reset-1"))
    code, _, err = command("baselines", "reset", "kalshi:A")
    assert code == 0
    assert "foreshock baselines undo reset-1" in err
    ((method, path, body),) = desk.asked
    assert (method, path) == ("POST", "/api/reset-baselines")
    assert json.loads(body) == {"market": "kalshi:A"}


def test_everything_is_discarded_only_when_confirmed(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/reset-baselines", ResetTaken("reset-1"))
    assert command("baselines", "reset")[0] != 0
    assert desk.asked == []
    assert command("baselines", "reset", "--yes")[0] == 0
    assert json.loads(desk.asked[0][2]) == {"market": None}


def test_an_undo_names_a_reset_or_means_the_newest(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/restore-baselines", ResetTaken("reset-1"))
    assert "brought back: reset-1" in command("baselines", "undo")[2]
    command("baselines", "undo", "reset-9")
    assert [json.loads(body)["reset_id"] for _, _, body in desk.asked] == [None, "reset-9"]


def test_resets_are_listed(desk: FakeDesk, command: Run) -> None:
    reset = ResetView(reset_id="reset-1", market=None, by="me", at_us=1, restored_by="")
    view = VolumeView(
        now_us=1,
        bucket_end_us=None,
        next_close_us=None,
        markets_count=0,
        warming_count=0,
        refused={},
        rows=[],
        gaps=[],
        resets=[reset],
    )
    desk.lay("/api/volume?limit=1", view)
    code, out, _ = command("baselines", "-o", "jsonl")
    assert code == 0
    assert json.loads(out)["reset_id"] == "reset-1"
