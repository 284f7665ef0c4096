"""Does no edit and no restart loosen a limit that nobody confirmed?"""

from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.storage.journal import Place
from foreshock.app.config import load_settings
from foreshock.app.limits_record import BY, LOOSER, LimitsRecord, Recorded, adopted, file_name
from foreshock.app.wiring import DeskConfig, desk_config
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.limit_keys import is_looser, key_of
from foreshock.core.domain.messages.risk import LimitChanged, LimitKept
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Money
from foreshock.core.engine import Entry
from tests.trading import START, dollars
from tests.unit.core.execution.test_gate import SETTINGS
from tests.unit.core.risk.desk import limits


@cache
def plain() -> DeskConfig:
    return desk_config("paper", "TEST", load_settings({}))


def config(**changes: object) -> DeskConfig:
    return msgspec.structs.replace(plain(), limits=limits(**changes), gate=SETTINGS)


def start(
    home: Path, mode: str = "paper", **changes: object
) -> tuple[LimitsRecord, Money, list[Message]]:
    """A run that starts with this file: the record, the market limit in force, what is said."""
    record = LimitsRecord(DiskFolder(home), mode)
    adopted_config, said = record.adopt(config(**changes))
    return record, adopted_config.limits.market_max, said


def say(record: LimitsRecord, *messages: Message) -> None:
    """Each in a step of its own, which is on record before the next."""
    for message in messages:
        hear(record, message)
        record.recorded(1, START, Place())


def hear(record: LimitsRecord, message: Message) -> None:
    record.listen(1, Entry(1, 0, "risk-guardian", message), START)


def test_a_looser_limit_that_no_record_holds_is_forgotten_and_a_tighter_one_is_kept(
    tmp_path: Path,
) -> None:
    record, before, _ = start(tmp_path)
    hear(record, LimitChanged("market_max", before, before * 2, "a person"))
    assert start(tmp_path)[1] == before
    hear(record, LimitChanged("market_max", before * 2, before // 2, "a person"))
    record.recorded(1, START, Place())
    assert start(tmp_path)[1] == before // 2


def test_two_looser_limits_that_no_record_holds_are_forgotten_though_the_second_is_less_so(
    tmp_path: Path,
) -> None:
    record, before, _ = start(tmp_path)
    hear(record, LimitChanged("market_max", before, before * 3, "a person"))
    hear(record, LimitChanged("market_max", before * 3, before * 2, "a person"))
    assert start(tmp_path)[1] == before
    record.recorded(1, START, Place())
    assert start(tmp_path)[1] == before * 2


def test_the_first_start_takes_the_file_as_it_is(tmp_path: Path) -> None:
    _, market_max, said = start(tmp_path, market_max=dollars(50))
    assert (market_max, said) == (dollars(50), [])


def test_e15_an_edit_that_tightens_holds_and_is_on_record(tmp_path: Path) -> None:
    start(tmp_path, market_max=dollars(50))
    _, market_max, said = start(tmp_path, market_max=dollars(40))
    assert market_max == dollars(40)
    assert said == [LimitChanged("market_max", dollars(50), dollars(40), BY)]


def test_e15_an_edit_that_loosens_is_told_at_every_start_and_does_not_hold(tmp_path: Path) -> None:
    start(tmp_path, market_max=dollars(50))
    for _ in range(2):
        _, market_max, said = start(tmp_path, market_max=dollars(90))
        assert market_max == dollars(50)
        assert said == [LimitKept("market_max", dollars(50), dollars(90), BY, LOOSER)]


def test_what_a_person_confirmed_survives_a_restart_and_yields_to_a_tighter_file(
    tmp_path: Path,
) -> None:
    record, _, _ = start(tmp_path, market_max=dollars(50))
    say(record, LimitChanged("market_max", dollars(50), dollars(80), "a person"))
    _, market_max, said = start(tmp_path, market_max=dollars(50))
    assert (market_max, said) == (dollars(80), [])
    _, market_max, _ = start(tmp_path, market_max=dollars(45))
    assert market_max == dollars(45)


def test_what_a_person_tightened_survives_a_restart(tmp_path: Path) -> None:
    record, _, _ = start(tmp_path, market_max=dollars(50))
    say(record, LimitChanged("market_max", dollars(50), dollars(20), "a person"))
    _, market_max, said = start(tmp_path, market_max=dollars(50))
    assert (market_max, said) == (dollars(20), [])


def test_confirming_the_looser_file_ends_the_reminder(tmp_path: Path) -> None:
    start(tmp_path, market_max=dollars(50))
    record, _, _ = start(tmp_path, market_max=dollars(90))
    say(record, LimitChanged("market_max", dollars(50), dollars(90), "a person"))
    _, market_max, said = start(tmp_path, market_max=dollars(90))
    assert (market_max, said) == (dollars(90), [])


def test_paper_and_live_keep_their_own(tmp_path: Path) -> None:
    start(tmp_path, "live", market_max=dollars(20))
    _, market_max, said = start(tmp_path, "paper", market_max=dollars(90))
    assert (market_max, said) == (dollars(90), [])


@pytest.mark.parametrize("mode", ["demo", "watch"])
def test_modes_without_money_of_their_own_keep_nothing(tmp_path: Path, mode: str) -> None:
    start(tmp_path, mode, market_max=dollars(20))
    assert not list(tmp_path.iterdir())


def test_changes_are_kept_with_their_time_and_author(tmp_path: Path) -> None:
    record, _, _ = start(tmp_path)
    say(record, LimitChanged("packages_open_max", 8, 4, "a person"))
    kept = msgspec.json.decode((tmp_path / file_name("paper")).read_bytes())["holds"]
    assert kept["changes"] == [
        {"at_us": START, "key": "packages_open_max", "before": 8, "after": 4, "by": "a person"}
    ]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"limits": {"market_max": 7}}'])
def test_a_record_that_cannot_be_read_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / file_name("paper")).write_bytes(content)
    with pytest.raises(ConfigError, match="remove the file"):
        start(tmp_path)


VALUES = st.one_of(st.none(), st.integers(0, 20))
STARTS = st.lists(st.tuples(VALUES, st.one_of(st.just("keep"), VALUES)), min_size=1, max_size=12)


@given(STARTS)
def test_i7_over_any_edits_and_confirmations_nothing_else_loosens(
    starts: list[tuple[int | None, int | str | None]],
) -> None:
    """Each start reads another file; after some a person sets a value."""
    key, kept, in_force = key_of("weekly_loss_max"), None, None
    assert key is not None
    for place, (written, wish) in enumerate(starts):
        _, now = adopted(key.name, written, kept)
        if place:
            assert not is_looser(key, in_force, now.in_force)
        kept, in_force = now, now.in_force
        if not isinstance(wish, str):
            kept, in_force = Recorded(written, wish), wish
