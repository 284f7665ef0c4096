"""The live desk as a person runs it, against the simulated venues: processes, sockets, keys.

Signer, desk and venues are processes of their own. What trades is proven by the venues, what is
recorded by a replay, and that no key reached any sink by a search of every byte.
"""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.sim.polymarket_keys import KeyVault
from foreshock.app.config import config_folder
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE
from foreshock.app.sim_venues import Addresses
from foreshock.dashboard.arm_routes import phrase
from tests.e2e.program import Program, children, run, until

QUIET = ("--port", "0")
TRADE_S_MAX = 90.0
VENUES = ("polymarket", "kalshi")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    folder = tmp_path_factory.mktemp("venues")
    with Program(folder / "home", "sim-venues", "--seed", "5") as venues:
        yield msgspec.json.decode(venues.first_line(), type=Addresses)
        venues.alive()


@pytest.fixture
def home(tmp_path: Path, served: Addresses) -> Path:
    """A data folder with pairs, addresses and the sources of both keys."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(config_folder() / DEMO_PAIRS_FILE, folder / PAIRS_FILE)
    wallet = tmp_path / "wallet.key"
    wallet.touch(0o600)
    wallet.write_text(wallet_key(served))
    socket = served.kalshi_url.replace("http", "ws", 1)
    (folder / "config.toml").write_text(
        f"""
[polymarket]
gamma_url = "{served.gamma_url}"
clob_url = "{served.clob_url}"
stream_url = "{served.clob_url.replace("http", "ws", 1)}"
[kalshi]
rest_url = "{served.kalshi_url}"
stream_url = "{socket}"
key_id = "{served.kalshi_key_id}"
[live]
polymarket_key = "file:{wallet}"
kalshi_key = "file:{served.kalshi_key_file}"
polymarket_data_url = "{served.data_url}"
polymarket_website_url = "{served.clob_url}"
clip_max_dollars = "500"
[watch]
markets_max = 60
""",
        encoding="utf8",
    )
    return folder


def wallet_key(served: Addresses) -> str:
    """The test key that the simulated venues fund."""
    assert served.polymarket_account is not None
    return served.polymarket_account.private_key


def arm(home: Path, venue: str, *options: str) -> None:
    done = run(home, "arm", venue, "--override-paper-days", *options, typed=f"{phrase(venue)}\n")
    assert done.returncode == 0, done.stderr


def test_a_live_desk_trades_only_when_armed_and_its_run_replays(
    home: Path, served: Addresses
) -> None:
    shown = ""
    with Program(home, "live", *QUIET) as program:
        program.first_line()
        until(lambda: program.state().edges_open_count, program.alive)
        assert "polymarket not armed, kalshi not armed" in program.state().band
        assert program.orders() == [], "unarmed, nothing leaves"
        done = run(home, "arm", "kalshi", typed=f"{phrase('kalshi')}\n")
        assert "0 days on paper" in done.stderr
        assert done.returncode != 0
        for venue in VENUES:
            arm(home, venue)
        until(lambda: program.state().packages_hedged_count, program.alive, TRADE_S_MAX)
        shown = msgspec.json.encode([program.state(), program.orders()]).decode()
        signers = children(program.process.pid)
        assert len(signers) == 1, "the keys live in a process of their own"
        arguments = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in signers]
        run(home, "disarm", "kalshi")
        until(lambda: "kalshi not armed" in program.state().band, program.alive)
        code, _ = program.end(signal.SIGTERM)
        assert code == 0, program.err
        spoken = program.out + program.err
    (folder,) = (home / "runs").iterdir()
    replayed = run(home, "replay", str(folder))
    assert "identical" in replayed.stdout + replayed.stderr
    _no_key_anywhere(home, served, [shown.encode(), spoken.encode(), *arguments])


def _no_key_anywhere(home: Path, served: Addresses, sinks: list[bytes]) -> None:
    """Neither key, nor a part of one, in files, output, answers or arguments."""
    pem = Path(served.kalshi_key_file).read_text().splitlines()
    wallet = wallet_key(served).removeprefix("0x")
    canaries = [wallet.encode(), wallet[:24].encode(), bytes.fromhex(wallet)]
    assert served.polymarket_account is not None
    granted = KeyVault().grant(served.polymarket_account.address)
    canaries += [granted.secret.encode(), granted.passphrase.encode()]
    canaries += [line.encode() for line in pem if line and not line.startswith("-----")]
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "journal.fsj" for path in files)
    for data in (*(path.read_bytes() for path in files), *sinks):
        assert not [canary for canary in canaries if canary in data]


def test_doctor_says_that_everything_is_there(home: Path) -> None:
    done = run(home, "doctor", "--live", "-o", "csv")
    lines = done.stdout.splitlines()
    asked = [line for line in lines if "polymarket" in line or "kalshi" in line]
    assert any("kalshi balance" in line for line in asked)
    assert any("polymarket allowances" in line for line in asked)
    assert not [line for line in lines if line.startswith("problem")], done.stdout


def test_a_key_that_others_can_read_starts_nothing(home: Path) -> None:
    (home.parent / "wallet.key").chmod(0o644)
    with Program(home, "live", *QUIET) as program:
        code, _ = program.end()
        assert code != 0
        assert "chmod 600" in program.err
        assert "Traceback" not in program.err
