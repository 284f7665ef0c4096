"""A leg that a crash left alone is told at the next start, and nothing is added before a person saw."""

from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.storage.journal import Place
from foreshock.app.open_packages import BY, FILE_NAME, OpenPackages
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionRefused,
    ConversionRequested,
    SendConversion,
)
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    PackageClosed,
    PackageOpened,
)
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant, Money, Quantity
from foreshock.core.engine import Entry
from tests.trading import A, contracts, request


def tell(packages: OpenPackages, *messages: Message) -> None:
    """Each in a step of its own, which is on record before the next."""
    for message in messages:
        hear(packages, message)
        packages.recorded(1, Instant(1), Place())


def hear(packages: OpenPackages, message: Message) -> None:
    packages.listen(1, Entry(1, 0, "executor", message), Instant(1))


def opened(name: str) -> PackageOpened:
    return PackageOpened(name, request(name))


def closed(name: str) -> PackageClosed:
    nothing = Money(0)
    return PackageClosed(
        package_id=name,
        pair_id="pair-1",
        outcome="missed",
        quantity=Quantity(0),
        paid=nothing,
        fees=nothing,
        locked=nothing,
        realised=nothing,
        naked_for=Duration(0),
    )


def test_what_was_open_at_a_crash_is_told_and_halts_everything(tmp_path: Path) -> None:
    tell(OpenPackages(DiskFolder(tmp_path)), opened("p1"), opened("p2"), closed("p1"))
    incident, halt = OpenPackages(DiskFolder(tmp_path)).carried()
    assert isinstance(incident, IncidentOpened)
    assert incident.about == "p2"
    assert isinstance(halt, HaltRequested)
    assert (halt.scope, halt.by) == ("all", BY)


def test_it_is_told_again_until_the_halt_stands(tmp_path: Path) -> None:
    tell(OpenPackages(DiskFolder(tmp_path)), opened("p1"))
    crashed = OpenPackages(DiskFolder(tmp_path))
    assert len(crashed.carried()) == 2
    restarted = OpenPackages(DiskFolder(tmp_path))
    assert len(restarted.carried()) == 2
    tell(restarted, Halted("all", BY, "1 packages were open"))
    assert OpenPackages(DiskFolder(tmp_path)).carried() == []


def test_an_end_that_no_record_holds_is_none(tmp_path: Path) -> None:
    packages = OpenPackages(DiskFolder(tmp_path))
    tell(packages, opened("p1"))
    hear(packages, closed("p1"))
    assert packages.named() == ()
    assert len(OpenPackages(DiskFolder(tmp_path)).carried()) == 2


def test_nothing_is_told_after_an_orderly_end(tmp_path: Path) -> None:
    assert OpenPackages(DiskFolder(tmp_path)).carried() == []
    tell(OpenPackages(DiskFolder(tmp_path)), opened("p1"), closed("p1"))
    assert OpenPackages(DiskFolder(tmp_path)).carried() == []


@pytest.mark.parametrize("content", [b"[{", b'{"a":"\xb0"}', b'["\xb0"]'])
def test_a_damaged_file_stops_the_start(content: bytes, tmp_path: Path) -> None:
    """Of bytes that are no text, too: one turned bit is enough."""
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(ConfigError, match="cannot read the open packages"):
        OpenPackages(DiskFolder(tmp_path)).carried()


def test_a_package_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot keep the open packages"):
        tell(OpenPackages(DiskFolder(tmp_path / "nowhere")), opened("p1"))


def conversion(*, is_sent: bool, is_over: bool) -> list[Message]:
    """A split up to some point."""
    asked = ConversionRequested("s1", "split", A, contracts(10), "a person")
    ended = ConversionClosed(
        conversion_id="s1",
        kind="split",
        market=A,
        quantity=contracts(10),
        ours=contracts(10),
        outcome="confirmed",
        words="",
    )
    sent = SendConversion("s1", A)
    return [asked, *([sent] if is_sent else []), *([ended] if is_over else [])]


@pytest.mark.parametrize(("is_sent", "is_over"), [(False, False), (True, False), (True, True)])
def test_a_conversion_halts_no_later_run_which_follows_it_to_its_end(
    tmp_path: Path, is_sent: bool, is_over: bool
) -> None:
    packages = OpenPackages(DiskFolder(tmp_path))
    tell(packages, *conversion(is_sent=is_sent, is_over=is_over))
    assert packages.named() == ((f"s1: split of {A}",) if is_sent and not is_over else ())
    assert OpenPackages(DiskFolder(tmp_path)).carried(followed={"s1"}) == []


def test_one_that_no_run_follows_any_more_is_told_and_halts(tmp_path: Path) -> None:
    """The books that knew of it are gone: nobody asks its venue what became of it."""
    tell(OpenPackages(DiskFolder(tmp_path)), *conversion(is_sent=True, is_over=False))
    incident, halt = OpenPackages(DiskFolder(tmp_path)).carried()
    assert isinstance(incident, IncidentOpened)
    assert (incident.id, incident.about) == ("s1/left", "s1")
    assert isinstance(halt, HaltRequested)


def test_one_that_is_followed_stays_in_the_file_until_its_end(tmp_path: Path) -> None:
    asked, sent, ended = conversion(is_sent=True, is_over=True)
    tell(OpenPackages(DiskFolder(tmp_path)), opened("p1"), asked, sent)
    second = OpenPackages(DiskFolder(tmp_path))
    told = second.carried(followed={"s1"})
    assert [m.id for m in told if isinstance(m, IncidentOpened)] == ["p1/left"]
    tell(second, Halted("all", BY, "compare both venues"))
    third = OpenPackages(DiskFolder(tmp_path))
    assert third.carried(followed={"s1"}) == []
    tell(third, ended)
    assert OpenPackages(DiskFolder(tmp_path)).carried() == []


def test_one_that_the_gate_held_back_is_open_no_more(tmp_path: Path) -> None:
    refused = ConversionRefused("s1", Refusal("HALTED", "all was halted"))
    packages = OpenPackages(DiskFolder(tmp_path))
    tell(packages, *conversion(is_sent=True, is_over=False), refused)
    assert packages.named() == ()


def test_what_is_open_is_named(tmp_path: Path) -> None:
    packages = OpenPackages(DiskFolder(tmp_path))
    tell(packages, opened("p1"), *conversion(is_sent=True, is_over=False))
    assert packages.named() == ("p1: YES a + NO b", f"s1: split of {A}")
    again = OpenPackages(DiskFolder(tmp_path))
    again.carried()
    tell(again, opened("p2"))
    assert again.named() == ("p2: YES a + NO b",), (
        "what another run left does not end with this one"
    )
