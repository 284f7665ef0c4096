"""E9, E16: one account is traded by one desk, and whoever was replaced sends nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from foreshock.app.lease import (
    CODE,
    Claimant,
    DiskLease,
    Heirs,
    account_name,
    fenced,
    fenced_conversions,
    take_lease,
)
from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.conversions import ConvertSets
from foreshock.core.domain.messages.decisions import Halted
from foreshock.core.domain.messages.trading import PlaceOrder, SendRefused, TimerFired
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from tests.trading import A, contracts, order

NOW = Instant(1)
ACCOUNT = "kalshi-1"
HOME = "/home"


def passes(_: PlaceOrder, __: Instant) -> SendRefused | None:
    return None


def test_a_second_desk_is_refused_and_told_who_holds_the_lease(tmp_path: Path) -> None:
    path = tmp_path / "kalshi-1.lease"
    first = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", HOME), NOW)
    with pytest.raises(ConfigError, match=r"pid 7, build aaa; stop it first"):
        take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", HOME), NOW)
    with pytest.raises(ConfigError, match=r"build aaa \(this is build bbb\)"):
        take_lease(ACCOUNT, DiskLease(path), Claimant("bbb", "pid 8", HOME), NOW)
    assert first.lost() is None
    first.release()
    second = take_lease(ACCOUNT, DiskLease(path), Claimant("bbb", "pid 8", HOME), NOW)
    assert second.fence == first.fence + 1
    second.release()


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "kalshi-1.lease"
    code = (
        "import sys; from pathlib import Path\n"
        "from foreshock.app.lease import Claimant, DiskLease, take_lease\n"
        "who = Claimant('aaa', 'pid 7', '/home')\n"
        "take_lease('kalshi-1', DiskLease(Path(sys.argv[1])), who, 1)\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(ConfigError, match="pid 7"):
            take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", HOME), NOW)
        child.kill()
        child.wait()
    lease = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", HOME), NOW)
    assert lease.fence == 2
    lease.release()


def test_whoever_was_replaced_in_spite_of_the_lock_sends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kalshi-1.lease"
    first = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", HOME), NOW)
    judge = fenced([first], passes)
    assert judge(order(), NOW) is None
    path.unlink()
    refused = judge(order(), NOW)
    assert refused is not None
    assert refused.refusal.code == CODE
    second = take_lease(ACCOUNT, DiskLease(path), Claimant("bbb", "pid 8", HOME), NOW)
    second.release()
    third = take_lease(ACCOUNT, DiskLease(path), Claimant("ccc", "pid 9", HOME), NOW)
    refused = judge(order(), NOW)
    assert refused is not None
    assert refused.refusal.words == "kalshi-1 is traded by pid 9 of build ccc now"
    assert fenced([third], passes)(order(), NOW) is None
    first.release()
    third.release()


def test_whoever_lost_the_lease_splits_nothing_either(tmp_path: Path) -> None:
    path = tmp_path / "kalshi-1.lease"
    first = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", HOME), NOW)
    split = ConvertSets("s1", "split", A, contracts(1), NOW)
    judge = fenced_conversions([first], lambda _command, _now_us: None)
    assert judge(split, NOW) is None
    path.unlink()
    refused = judge(split, NOW)
    assert refused is not None
    assert (refused.conversion_id, refused.refusal.code) == ("s1", CODE)
    first.release()


def test_a_damaged_lease_lets_nobody_trade(tmp_path: Path) -> None:
    path = tmp_path / "kalshi-1.lease"
    first = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", HOME), NOW)
    path.write_text("{")
    words = first.lost()
    assert words is not None
    assert "cannot be read" in words
    first.release()
    with pytest.raises(ConfigError, match="cannot be read"):
        take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", HOME), NOW)


def test_a_lease_is_named_by_the_account_and_nothing_else() -> None:
    one = PublicAccount(venue="polymarket", address="0xAB", wallet="0xCD")
    same = PublicAccount(venue="polymarket", address="0xab", wallet="0xcd", signature_type=2)
    assert account_name(one, "") == account_name(same, "key")
    kalshi = PublicAccount(venue="kalshi")
    assert account_name(kalshi, "a") != account_name(kalshi, "b")
    assert "0xcd" not in account_name(one, "")


def test_an_account_that_another_folder_traded_is_inherited_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "kalshi-1.lease"
    first = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", HOME), NOW)
    assert first.inherited is None
    first.release()
    again = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", HOME), NOW)
    assert again.inherited is None
    again.release()
    other = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 9", "/elsewhere"), NOW)
    assert other.inherited == "kalshi-1 was traded from /home: look there, then resume"
    other.release()
    again = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 9", "/elsewhere"), NOW)
    assert again.inherited == other.inherited, "the one before never took the halts over"
    again.acknowledge()
    again.release()
    last = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 9", "/elsewhere"), NOW)
    assert last.inherited is None
    last.release()


def test_what_is_inherited_is_halted_and_acknowledged_once_that_is_on_record(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kalshi-1.lease"
    take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", HOME), NOW).release()
    lease = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", "/elsewhere"), NOW)
    heirs = Heirs([lease], ["kalshi"])
    carried = list(heirs.carried())
    assert [halt.scope for halt in carried] == ["all", "kalshi"]
    for step, halt in enumerate(carried, 1):
        heirs.listen(step, Entry(0, None, "outside", halt), NOW)
        heirs.listen(step, Entry(1, 0, "guardian", Halted(halt.scope, "lease", "x")), NOW)
    assert b'"unseen":"/home"' in path.read_bytes()
    heirs.listen(3, Entry(0, None, "outside", TimerFired("t")), NOW)
    assert b'"unseen":""' in path.read_bytes()
    lease.release()


def test_nothing_is_said_where_nothing_is_inherited(tmp_path: Path) -> None:
    lease = take_lease(ACCOUNT, DiskLease(tmp_path / "a"), Claimant("aaa", "pid 7", HOME), NOW)
    heirs = Heirs([lease], ["kalshi"])
    assert list(heirs.carried()) == []
    heirs.listen(1, Entry(0, None, "outside", TimerFired("t")), NOW)
    lease.release()
