"""Fault row E10: told to end in the middle of a pair, at every moment of its life.

Nothing new begins; what is open finishes or is unwound, and the two venues end level. What cannot
be finished is still there to be named.
"""

from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.open_packages import OpenPackages
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.decisions import PackageClosed, PackageOpened
from foreshock.core.domain.messages.operations import DeskStopping
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.engine import Entry
from tests.scenarios.live_scene import Scene
from tests.trading import contracts

PM, KS = "polymarket", "kalshi"
KS_PLACE = "/trade-api/v2/portfolio/events/orders"
BUDGET_S = 30
MOMENTS_MS = [0, 1, 2, 5, 10, 20, 21, 30, 41, 42, 45, 60, 70, 85, 90, 100, 150, 300, 1_000]
"""Decided, signed, on record, sent, at the venue, answered; then the same of the second leg."""


def scene(first: int = 100, second: int = 100) -> Scene:
    made = Scene()
    made.pm.offer("yes", 45, first)
    if second:
        made.ks.offer("no", 48, second)
    return made.ready()


def end_after(at: Scene, milliseconds: int) -> None:
    at.desk.run(milliseconds / 1_000)
    at.desk.tell(DeskStopping("SIGTERM"))


def left_open(at: Scene, folder: Path) -> tuple[str, ...]:
    """What the desk would name at its end."""
    packages = OpenPackages(DiskFolder(folder))
    for message in at.desk.heard:
        packages.listen(1, Entry(0, None, "", message), Instant(0))
    return packages.named()


def closed_at(at: Scene, package: str) -> bool:
    return any(m.package_id == package for m in at.desk.said(PackageClosed))


@pytest.mark.parametrize("moment_ms", MOMENTS_MS)
@pytest.mark.parametrize("second", [100, 4, 0])
def test_E10_a_pair_is_finished_or_unwound_whenever_the_end_is_told(
    tmp_path: Path, moment_ms: int, second: int
) -> None:
    at = scene(100, second)
    at.pm.offer("yes", 44, 100, action="buy")
    package = at.trade(10)
    end_after(at, moment_ms)
    at.desk.run(BUDGET_S)
    assert closed_at(at, package)
    assert left_open(at, tmp_path) == ()
    yes, no = at.held(PM)[0], at.held(KS)[1]
    assert yes == no, "no leg stands alone"
    assert yes in {0, min(10, second)}


@pytest.mark.parametrize("moment_ms", [0, 1])
def test_E10_an_entry_that_has_not_left_never_leaves(moment_ms: int) -> None:
    at = scene()
    at.desk.sign_takes = Duration(5_000)
    package = at.trade(10)
    end_after(at, moment_ms)
    at.desk.run(BUDGET_S)
    assert at.placed(PM) == at.placed(KS) == 0
    assert at.outcome(package) == "missed"


def test_E10_nothing_new_begins_once_the_end_is_told() -> None:
    at = scene()
    at.desk.tell(DeskStopping("SIGTERM"))
    before = len(at.desk.said(t.SendOrder))
    package = at.trade(10)
    at.desk.run(BUDGET_S)
    assert at.placed(PM) == at.placed(KS) == 0
    assert len(at.desk.said(t.SendOrder)) == before
    opened = [m for m in at.desk.said(PackageOpened) if m.package_id == package]
    assert not opened or at.outcome(package) == "missed"


@pytest.mark.parametrize("effect", ["drop_request", "drop_answer"])
def test_E10_what_no_venue_answers_for_is_named(tmp_path: Path, effect: str) -> None:
    at = scene()
    package = at.trade(10)
    at.desk.rule(KS, effect=effect, path="/trade-api/v2/portfolio", count=None)
    end_after(at, 60)
    at.desk.disconnect(KS)
    at.desk.run(BUDGET_S)
    assert not closed_at(at, package)
    assert left_open(at, tmp_path) == (f"{package}: YES a + NO b",)
    assert at.placed(KS) == 1, "and it was sent once all the same"


def test_E10_matches_that_settle_late_are_waited_for(tmp_path: Path) -> None:
    at = scene()
    at.lever(PM, "settlement", pace={"step_us_min": 3_000_000, "step_us_max": 3_000_000})
    package = at.trade(10)
    end_after(at, 500)
    assert left_open(at, tmp_path) == (f"{package}: YES a + NO b",)
    at.desk.run(BUDGET_S)
    assert at.outcome(package) == "hedged"
    assert at.held(PM) == (10, 0)
    assert at.ours(at.a, "yes") == contracts(10) // 1_000_000
