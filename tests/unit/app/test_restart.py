"""Does a desk on paper, stopped or killed, carry on where it was, and does each run replay alone?"""

import asyncio
from pathlib import Path

from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.config import load_settings
from foreshock.app.desk_run import Plan, open_desk, run_desk
from foreshock.app.replay import replay_folder
from foreshock.app.standing_halts import FILE_NAME
from foreshock.app.wiring import desk_config
from foreshock.core.domain.messages.account import VenueArmed
from foreshock.core.domain.messages.decisions import Halted, LimitsMeasured, PositionSettled
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.operations import HaltRequested, Mode
from foreshock.core.domain.messages.risk import DeskRestored, LimitChangeRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.recollection import digest_text
from foreshock.core.domain.units import PAYOUT, Instant
from foreshock.core.engine import Entry
from tests.trading import START, A, contracts, dollars
from tests.unit.app.test_desk_memory import LEGS

SETTINGS = load_settings({})


class Heard:
    """Everything that one run heard and said."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        self.messages.append(entry.message)

    def used(self) -> dict[tuple[str, str], int]:
        measured = [m for m in self.messages if isinstance(m, LimitsMeasured)]
        return {(use.code, use.scope): use.used for use in measured[-1].uses}

    def restored(self) -> DeskRestored:
        (restored,) = [m for m in self.messages if isinstance(m, DeskRestored)]
        return restored


async def run(home: Path, number: int, *told: Message, mode: Mode = "paper") -> Heard:
    """One run of the whole desk, without venues, that is told something and stopped."""
    heard = Heard()
    plan = Plan(desk_config(mode, "TEST", SETTINGS), SETTINGS, (), ())
    opened = open_desk(plan, DiskFolder(home), f"runs/{number:03d}", [heard.listen])
    for message in told:
        opened.desk.inbox.put(message)
    asyncio.get_running_loop().call_later(0.05, opened.desk.stop, "a test")
    await run_desk(opened, [], lambda _: None)
    return heard


async def test_e7_positions_halts_and_limits_outlive_three_restarts(tmp_path: Path) -> None:
    first = await run(
        tmp_path,
        1,
        *LEGS,
        HaltRequested("kalshi", "a person", "lunch"),
        LimitChangeRequested("packages_open_max", 3, "a person", is_confirmed=False),
    )
    assert first.used()["MARKET_LIMIT", A] == dollars(45) // 10
    hashes: set[bytes] = set()
    for number in (2, 3, 4):
        again = await run(tmp_path, number)
        hashes.add(digest_text(again.restored().memory.ledger))
        assert again.used()["MARKET_LIMIT", A] == dollars(45) // 10
        assert any(isinstance(m, HaltRequested) and m.scope == "kalshi" for m in again.messages)
        uses = [m for m in again.messages if isinstance(m, LimitsMeasured)][-1].uses
        assert next(use.limit for use in uses if use.code == "PACKAGES_OPEN_MAX") == 3
    assert len(hashes) == 1


async def test_every_run_replays_alone_line_by_line(tmp_path: Path) -> None:
    """Nothing is looked up elsewhere: the other runs and the snapshot are gone."""
    await run(tmp_path, 1, *LEGS)
    await run(tmp_path, 2, HaltRequested("all", "a person", "lunch"))
    (tmp_path / "memory-paper.fss").unlink()
    for number in (2, 1):
        replayed = replay_folder(tmp_path / "runs" / f"{number:03d}")
        assert replayed.differences == ()
        assert replayed.entries_count > 0


async def test_what_an_earlier_run_bought_is_paid_out_in_the_next(tmp_path: Path) -> None:
    await run(tmp_path, 1, *LEGS)
    second = await run(tmp_path, 2, MarketResolved(A, PAYOUT, START))
    (settled,) = [m for m in second.messages if isinstance(m, PositionSettled)]
    assert (settled.quantity, settled.received) == (contracts(10), dollars(10))
    third = await run(tmp_path, 3)
    assert ("MARKET_LIMIT", A) not in third.used()


async def test_an_arming_does_not_outlive_its_run(tmp_path: Path) -> None:
    """Only what must not be forgotten is carried over: permission to spend is not."""
    armed = VenueArmed("kalshi", Instant(START * 2), "a person", "x")
    await run(tmp_path, 1, armed)
    second = await run(tmp_path, 2)
    assert not [m for m in second.messages if isinstance(m, VenueArmed)]


async def test_a_lost_file_of_halts_is_missed_by_the_next_run_of_whatever_mode(
    tmp_path: Path,
) -> None:
    """A look at the markets in between must not begin an empty file: paper would trade again."""
    await run(tmp_path, 1, HaltRequested("all", "a person", "lunch"))
    (tmp_path / FILE_NAME).unlink()
    await run(tmp_path, 2, mode="watch")
    third = await run(tmp_path, 3)
    assert "all" in {m.scope for m in third.messages if isinstance(m, Halted)}


async def test_a_look_at_the_markets_is_no_past_that_anything_was_halted_in(tmp_path: Path) -> None:
    await run(tmp_path, 1, mode="watch")
    (tmp_path / FILE_NAME).unlink()
    second = await run(tmp_path, 2)
    assert not [m for m in second.messages if isinstance(m, Halted)]
