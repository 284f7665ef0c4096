"""Split, merge and redeem as a person does it: commands, a live desk, its signer, the relayer."""

import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from foreshock.app.client import ask
from foreshock.app.exits import Exit
from foreshock.app.sim_venues import Addresses
from foreshock.dashboard.views import RiskView
from tests.e2e.live_folder import a_market, arm, safe_folder, split
from tests.e2e.program import Program, error_lines, run, until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    folder = tmp_path_factory.mktemp("venues")
    with Program(folder / "home", "sim-venues", "--seed", "5") as venues:
        yield msgspec.json.decode(venues.first_line(), type=Addresses)
        venues.alive()


@pytest.fixture
def home(tmp_path: Path, served: Addresses) -> Path:
    """A folder whose Polymarket account is a funded Safe with its relayer's key."""
    return safe_folder(tmp_path, served)


def held(program: Program, market: str) -> dict[str, int]:
    """Whole contracts by outcome, by the desk's own books."""
    risk = ask(program.instance, "/api/risk", RiskView)
    return {p.outcome: p.quantity_micros // 10**6 for p in risk.positions if p.market == market}


def refused(home: Path, *words: str) -> tuple[int, str]:
    """(exit code, what it says) of a conversion that nothing is sent for."""
    done = run(home, "positions", *words, "--yes")
    return done.returncode, error_lines(done)[0]


def test_nothing_is_sent_unarmed_or_halted(home: Path) -> None:
    with Program(home, "live", "--port", "0") as program:
        program.first_line()
        market = a_market(program)
        unarmed = refused(home, "split", market, "--count=10")
        assert unarmed == (Exit.RISK, "error: refused: polymarket is not armed")
        run(home, "halt", "--reason", "a look")
        arm(home, "polymarket")
        code, words = refused(home, "split", market, "--count=10")
        assert code == Exit.HALTED
        assert words.startswith("error: refused: all was halted by command line")
        listed = run(home, "positions", "conversions", "-o", "csv").stdout
        assert listed.count("refused") == 2


def test_a_person_splits_and_merges_once_the_venue_is_armed(home: Path) -> None:
    with Program(home, "live", "--port", "0") as program:
        program.first_line()
        market = a_market(program)
        arm(home, "polymarket")
        made = until(lambda: split(home, market), program.alive)
        assert (made.state, made.quantity_micros) == ("confirmed", 10 * 10**6)
        assert made.tx_hash is not None
        assert held(program, market) == {"yes": 10, "no": 10}
        code, words = refused(home, "split", market, "--count=101")
        assert code == Exit.RISK
        assert "at most $100.00" in words
        until(lambda: merged(home, market), program.alive)
        assert held(program, market) == {"yes": 6, "no": 6}
        code, words = refused(home, "redeem", market)
        assert code == Exit.RISK
        assert "it pays when it settles" in words
        assert "signed and on record as turn" in run(home, "why", made.id).stdout
        incidents = ask(program.instance, "/api/risk", RiskView).incidents
        assert not [incident for incident in incidents if "drift" in incident.id]
        code, _ = program.end(signal.SIGTERM)
        assert code == Exit.OK, program.err
        spoken = (program.out + program.err).encode()
    replayed = run(home, "replay")
    assert "identical" in replayed.stdout + replayed.stderr
    key = (home.parent / "relayer.key").read_bytes()
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not [data for data in (*files, spoken) if key in data], "the relayer's key is in a sink"


def merged(home: Path, market: str) -> bool:
    """Merge four as soon as the venue's list shows what was split."""
    done = run(home, "positions", "merge", market, "--count", "4", "--yes", "-o", "jsonl")
    if "NOT_HELD" in done.stderr:
        return False
    assert done.returncode == 0, done.stderr
    return True


def test_a_demo_has_nothing_to_split(tmp_path: Path) -> None:
    with Program(tmp_path / "home", "demo", "--no-browser", "--port", "0") as program:
        program.first_line()
        done = run(program.home, "positions", "split", "polymarket:0x1", "--count=1", "--yes")
        assert done.returncode == Exit.FAILED
        assert "this desk does not trade with real money" in done.stderr
