"""What a person reads of alerts and signals, and what they say about them."""

import json
from pathlib import Path

import msgspec
import pytest

from foreshock.app.cli import alerts
from foreshock.app.exits import Exit
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.alert_views import NotifierView
from foreshock.dashboard.signals import SHOWN_DEFAULT
from tests.trading import START
from tests.unit.adapters.storage.test_removal import a_run, named
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk
from tests.unit.core.alerting.told import alert
from tests.unit.dashboard.site import Site
from tests.unit.dashboard.test_alert_routes import logged, site_with

FILE = NotifierView(
    sink="file",
    state="works",
    words="takes notices",
    severity_min=1,
    hears_detectors=True,
    waiting_count=0,
    told_count=3,
    failed_count=0,
)
SIGNALS = "/api/signals?order=newest&limit=50"


def signals_of(*scores: int) -> object:
    site = Site()
    for number in scores:
        entry = Entry(0, None, OUTSIDE, AlertRaised(alert(number, at_us=Instant(START + number))))
        site.model.listen(number + 2, entry, Instant(START + number))
    return site.model.signals.view(START, "newest", SHOWN_DEFAULT)


def test_alerts_are_a_table_or_the_whole_view(desk: FakeDesk, command: Run) -> None:
    views = site_with(logged(1), logged(2)).model.alerts.newest(10)
    desk.lay("/api/alerts?severity_min=1&limit=50", views)
    code, out, _ = command("alerts", "list")
    assert code == 0
    assert out.splitlines()[1].rstrip().endswith("n2")
    _, out, _ = command("alerts", "list", "-o", "json")
    assert [view["id"] for view in json.loads(out)] == ["n2", "n1"]
    desk.lay("/api/alerts?severity_min=4&limit=5&state=open", views)
    command("alerts", "list", "--unseen", "--severity", "4", "--limit", "5")
    assert desk.asked[-1][1] == "/api/alerts?severity_min=4&limit=5&state=open"


def test_an_alert_is_acknowledged_by_its_id(desk: FakeDesk, command: Run) -> None:
    code, _, err = command("alerts", "ack", "halt:all:1")
    assert (code, err) == (0, "acknowledged: halt:all:1\n")
    assert desk.asked[-1] == ("POST", "/api/alerts/ack", b'{"id":"halt:all:1"}')


def test_a_test_notice_is_proven_by_the_channel(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/notifiers", [FILE])
    later = [msgspec.structs.replace(FILE, told_count=4)]
    desk.lay_once_asked("/api/alerts/test", "/api/notifiers", later)
    code, _, err = command("alerts", "test-send", "--sink", "file")
    assert (code, err) == (0, "told by: file\n")


def test_a_channel_that_stays_silent_is_a_failure_with_its_words(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "TRIES_MAX", 2)
    monkeypatch.setattr(alerts, "PAUSE_S", 0.0)
    lost = msgspec.structs.replace(FILE, sink="discord", state="lost", words="answered 404")
    desk.lay("/api/notifiers", [FILE, lost])
    code, _, err = command("alerts", "test-send", "--sink", "discord")
    assert code == Exit.FAILED
    assert "discord: answered 404" in err


def test_signals_are_a_table_or_json_in_the_order_asked_for(desk: FakeDesk, command: Run) -> None:
    desk.lay(SIGNALS, signals_of(1, 2))
    code, out, _ = command("signals")
    assert code == 0
    assert "alert-2" in out.splitlines()[1]
    for words in (("--json",), ("-o", "json")):
        _, out, _ = command("signals", *words)
        assert [view["id"] for view in json.loads(out)] == ["alert-2", "alert-1"]
    desk.lay("/api/signals?order=score&limit=7", signals_of(1))
    command("signals", "--sort", "score", "--limit", "7")
    assert desk.asked[-1][1] == "/api/signals?order=score&limit=7"


def test_following_tells_each_signal_once_oldest_first(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.lay(SIGNALS, signals_of(1, 2))
    rounds = iter([lambda: desk.lay(SIGNALS, signals_of(1, 2, 3)), lambda: None])

    def pause(_seconds: float) -> None:
        step = next(rounds, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(alerts.time, "sleep", pause)
    code, out, _ = command("signals", "--follow", "--json")
    assert code == Exit.INTERRUPTED
    assert [json.loads(line)["id"] for line in out.splitlines()] == [
        "alert-1",
        "alert-2",
        "alert-3",
    ]


def test_old_recordings_are_shown_and_deleted_only_without_a_desk(
    tmp_path: Path, command: Run
) -> None:
    for day in (1, 2):
        a_run(tmp_path / "runs", named(day).replace("2026", "2020"), 2_000)
    code, out, _ = command("retention", "--dry-run")
    assert code == 0
    assert named(1).replace("2026", "2020") in out
    assert len(list((tmp_path / "runs").iterdir())) == 2
    code, _, err = command("retention")
    assert (code, err) == (0, "deleted 1 runs, 10 bytes, 0 rows\n")
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_running_desk_deletes_by_itself(desk: FakeDesk, tmp_path: Path, command: Run) -> None:
    for day in (1, 2):
        a_run(tmp_path / "runs", named(day).replace("2026", "2020"), 2_000)
    code, _, err = command("retention")
    assert code == Exit.FAILED
    assert "by itself" in err
    assert len(list((tmp_path / "runs").iterdir())) == 2
    assert desk.home == tmp_path
