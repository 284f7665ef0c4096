"""Does a run find books, limits and markets in one value, and nothing where nothing was left?"""

from pathlib import Path

import msgspec

from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.storage.journal import Place
from foreshock.app.left_behind import left_behind
from foreshock.core.domain.messages.risk import DeskRestored, LimitChanged, LimitKept
from foreshock.core.engine import Entry
from tests.trading import START, A, B, dollars
from tests.unit.app.test_desk_memory import LEGS
from tests.unit.app.test_limits_record import config


def test_the_first_run_finds_nothing_and_changes_nothing(tmp_path: Path) -> None:
    wanted = config()
    left = left_behind(wanted, DiskFolder(tmp_path), "runs/1", START)
    assert (left.messages, left.markets, left.config) == ((), (), wanted)


def test_the_next_run_finds_books_limits_and_what_to_watch(tmp_path: Path) -> None:
    """What was said is on record, or it would be gone: here the snapshot alone has it."""
    home = DiskFolder(tmp_path)
    first = left_behind(config(market_max=dollars(50)), home, "runs/1", START)
    for message in (*LEGS, LimitChanged("platform_max", dollars(100), dollars(70), "a person")):
        for ear in first.listeners:
            if type(message) in ear.hears:
                ear.listen(1, Entry(1, None, "outside", message), START)
    for record in first.recorded:
        record(5_000, START, Place())
    second = left_behind(config(market_max=dollars(60)), home, "runs/2", START)
    kinds = [type(message) for message in second.messages]
    assert kinds[0] is DeskRestored
    assert kinds[-1] is LimitKept
    assert set(second.markets) == {A, B}
    limits = second.config.limits
    assert (limits.market_max, limits.platform_max) == (dollars(50), dollars(70))
    assert msgspec.structs.replace(second.config, limits=config().limits) == config()
