"""What was observed outlives the process, exactly, and never mixes with what was simulated."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from foreshock.adapters.storage.baselines import head_bytes
from foreshock.adapters.storage.files import DiskFile, DiskFolder
from foreshock.app.baseline_store import DAMAGED_NAME, FILE_NAME, BaselineStore, recorded_past
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import Traded
from foreshock.core.domain.messages.signals import BaselinesReset, BaselinesRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_buckets import HISTORY_BUCKETS
from foreshock.core.signals.volume_past import VolumePast
from foreshock.core.signals.volume_settings import VolumeSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, DAY, HOUR, MINUTE, STARTED, opened, prints
from tests.unit.core.signals.test_volume_recall import past as recalled

A, B, IDLE = "polymarket:0xa", "polymarket:0xb", "polymarket:0xc"


class Kept(Driven):
    """A desk whose volume is written down in a folder, as a run's is."""

    def __init__(self, folder: Path, run: str, now_us: Instant) -> None:
        self.store = BaselineStore(DiskFolder(folder))
        begun = self.store.begin(run)
        self.used = None if begun is None else begun[0]
        self.agent = VolumeAgent(VolumeSettings(), None if begun is None else begun[1])
        super().__init__([self.agent], now_us)
        self.store.watch_among([self.agent])
        self.tell(STARTED, *opened(A, B, IDLE))

    def tell(self, *messages: Message) -> list[Message]:
        said = super().tell(*messages)
        for message in (*messages, *said):
            self.store.listen(1, Entry(0, None, OUTSIDE, message), self.now_us)
        return said

    def follow(self, trades: Iterator[Traded]) -> None:
        for trade in trades:
            self.until(trade.event_us)
            self.tell(trade)

    def totals(self, market: str) -> list[float]:
        """Observed buckets of a market, signed, oldest first."""
        row = self.agent.monitor.history.recent(self.agent.markets.index(MarketId(market)))
        return row[~np.isnan(row)].tolist()


def first_run(folder: Path) -> Kept:
    desk = Kept(folder, "runs/1", BEGIN)
    desk.follow(prints(A, BEGIN, BEGIN + 3 * HOUR, per_day=1_440))
    desk.until(Instant(BEGIN + 3 * HOUR + MINUTE))
    return desk


def test_a_second_run_knows_what_the_first_one_observed(tmp_path: Path) -> None:
    before = first_run(tmp_path)
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 4 * HOUR))
    assert later.totals(A) == before.totals(A)
    assert len(later.totals(A)) == 36
    assert later.agent.monitor.metrics.print_size[0] == pytest.approx(
        before.agent.monitor.metrics.print_size[0]
    )


def test_what_nobody_watched_between_two_runs_is_unknown(tmp_path: Path) -> None:
    first_run(tmp_path)
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 4 * HOUR))
    assert np.isnan(later.agent.monitor.history.window(0, 11)).all()


def test_a_market_that_never_traded_is_not_carried_on(tmp_path: Path) -> None:
    first_run(tmp_path)
    begun = BaselineStore(DiskFolder(tmp_path)).begin("runs/2")
    assert begun is not None
    assert begun[1].markets == (A,)
    assert begun[0].markets_count == 1


def test_a_recalled_past_a_reset_and_its_undoing_are_written_down(tmp_path: Path) -> None:
    desk = Kept(tmp_path, "runs/1", BEGIN)
    desk.tell(recalled(A), recalled(B))
    desk.until(Instant(BEGIN + HOUR))
    desk.tell(BaselinesReset("r1", None, "me"), BaselinesReset("r2", MarketId(B), "me"))
    desk.tell(BaselinesRestored("r2", "me"), BaselinesRestored("r1", "me"))
    desk.tell(BaselinesReset("r3", MarketId(B), "me"))
    desk.until(Instant(BEGIN + 2 * HOUR + MINUTE))
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 2 * HOUR + MINUTE))
    for market in (A, B):
        assert later.totals(market) == desk.totals(market)
    assert min(later.totals(A)) >= 0
    assert max(later.totals(B)[:-13]) < 0


def test_what_is_older_than_fourteen_days_is_gone(tmp_path: Path) -> None:
    first_run(tmp_path)
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 15 * DAY))
    assert later.totals(A) == []


def test_half_a_record_at_the_end_is_cut_off(tmp_path: Path) -> None:
    before = first_run(tmp_path)
    file = tmp_path / FILE_NAME
    file.write_bytes(file.read_bytes()[:-3])
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 4 * HOUR))
    assert later.totals(A) == before.totals(A)[:-1]


def test_damage_in_the_middle_is_put_aside_and_told_and_the_desk_begins_anew(
    tmp_path: Path,
) -> None:
    first_run(tmp_path)
    file = tmp_path / FILE_NAME
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 4 * HOUR))
    (incident,) = later.store.incidents
    assert "warms up again" in incident.words
    assert (tmp_path / DAMAGED_NAME).read_bytes() == data
    assert later.totals(A) == []
    later.until(Instant(BEGIN + 5 * HOUR))
    again = Kept(tmp_path, "runs/3", Instant(BEGIN + 6 * HOUR))
    assert again.store.incidents == ()


def test_simulated_baselines_are_not_taken_for_real_ones(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(head_bytes(5, is_simulated=True))
    store = BaselineStore(DiskFolder(tmp_path))
    assert store.begin("runs/2") is None
    assert "simulated" in store.incidents[0].words


def test_a_run_keeps_what_it_began_with_and_knows_when_that_changed(tmp_path: Path) -> None:
    first_run(tmp_path)
    later = Kept(tmp_path, "runs/2", Instant(BEGIN + 4 * HOUR))
    later.until(Instant(BEGIN + 6 * HOUR))

    def opened_file(name: str) -> DiskFile:
        return DiskFile(tmp_path / "runs/2" / name)

    past = recorded_past(opened_file, later.used)
    assert isinstance(past, VolumePast)
    assert past.totals.shape == (HISTORY_BUCKETS, 1)
    assert recorded_past(opened_file, None) is None
    (tmp_path / "runs/2" / FILE_NAME).write_bytes(b"other")
    with pytest.raises(StorageError, match="put the former one back"):
        recorded_past(opened_file, later.used)
