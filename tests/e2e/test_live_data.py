"""What do `watch` and `paper` do with venues that they reach over the network?"""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from foreshock.app.config import config_folder
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE
from foreshock.app.sim_venues import TEST_ACCOUNT, Addresses
from foreshock.dashboard.views import VenueView
from tests.e2e.program import Program, decoded, run, until
from tests.e2e.venues import Venues, at, free_ports

QUIET = ("--port", "0")
TRADE_S_MAX = 90.0
CALM_S = 3.0
BOOKS_MIN = 10


@pytest.fixture(scope="module")
def venues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venues]:
    with Venues(tmp_path_factory.mktemp("venues")) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder whose owner confirmed the pairs of the simulated world."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(config_folder() / DEMO_PAIRS_FILE, folder / PAIRS_FILE)
    return folder


def test_watching_polymarket_needs_no_credential_and_trades_nothing(
    venues: Venues, tmp_path: Path
) -> None:
    with Program(
        tmp_path / "home", "watch", "--polymarket", *QUIET, extra=at(venues.urls)
    ) as program:
        program.first_line()
        watched = until(lambda: _venue(program, "polymarket", "LIVE"), program.alive)
        assert watched.books_valid_count > BOOKS_MIN
        state = program.state()
        assert [venue.venue for venue in state.venues if venue.connections_open_count] == [
            "polymarket"
        ]
        assert state.mode == "watch"
        assert "nobody trades" in state.band
        assert (program.orders(), program.packages()) == ([], [])


def test_kalshi_without_a_key_is_polled_and_never_traded_on(venues: Venues, home: Path) -> None:
    with Program(home, "paper", *QUIET, extra=at(venues.urls)) as program:
        program.first_line()
        polled = until(lambda: _venue(program, "kalshi", "POLLED"), program.alive)
        assert polled.books_valid_count > BOOKS_MIN
        until(lambda: program.state().venues[0].books_valid_count > BOOKS_MIN, program.alive)
        time.sleep(CALM_S)
        assert program.orders() == []
        assert [edge.id for edge in program.edges() if edge.status == "open"] == []


def test_paper_trades_confirmed_pairs_with_a_key(venues: Venues, home: Path) -> None:
    extra = at(venues.urls) | venues.key()
    with Program(home, "paper", *QUIET, extra=extra) as program:
        program.first_line()

        def hedged() -> bool:
            return any(package.outcome == "hedged" for package in program.packages())

        assert until(hedged, program.alive, TRADE_S_MAX)
        assert program.state().mode == "paper"
        assert "no real money" in program.state().band


def test_a_venue_that_is_down_at_start_is_named_and_taken_up_when_it_comes(tmp_path: Path) -> None:
    ports = free_ports()
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    with Program(tmp_path / "home", "watch", "--polymarket", *QUIET, extra=at(urls)) as program:
        program.first_line()
        missing = until(lambda: _venue(program, "polymarket", "OFF"), program.alive)
        assert missing.books_valid_count == 0
        assert "polymarket: OFF" in run(program.home, "status").stdout
        with Venues(tmp_path, ports):
            found = until(lambda: _venue(program, "polymarket", "LIVE"), program.alive)
            assert found.books_valid_count > BOOKS_MIN


def test_venues_run_alone_and_print_where(tmp_path: Path) -> None:
    key_file = tmp_path / "key.pem"
    with Program(tmp_path / "home", "sim-venues", "--key-file", str(key_file)) as program:
        addresses = decoded(program.first_line(), Addresses)
        assert addresses.kalshi_key_file == str(key_file)
        assert key_file.stat().st_mode & 0o777 == 0o600
        assert addresses.polymarket_account == TEST_ACCOUNT
        for url in (addresses.data_url, addresses.control_url, addresses.relayer_url):
            assert url.startswith("http://127.0.0.1:")
        assert program.end(signal.SIGTERM)[0] == 0


def _venue(program: Program, name: str, badge: str) -> VenueView | None:
    """The venue once it shows this badge with what belongs to it."""
    for venue in program.state().venues:
        if venue.venue == name and venue.badge.state == badge:
            return venue if badge == "OFF" or venue.books_valid_count > BOOKS_MIN else None
    return None
