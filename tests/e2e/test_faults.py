"""What happens when something is in the way? One clear line, or the desk goes on and says so."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from foreshock.app.client import ask
from foreshock.app.config import config_folder
from foreshock.app.instance import RUNS_NAME
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE
from foreshock.core.domain.units import MICRO
from foreshock.dashboard.views import BookView, PairView, VenueView
from tests.e2e.program import Program, error_lines, run, until
from tests.e2e.venues import Venues, at, nowhere

DEMO = ("demo", "--no-browser", "--port", "0")
SMALL = {"FORESHOCK_DEMO__MARKETS": "60"}
TINY_DISK = "size=600k"
TEN_MEGABYTES = 10_000_000
DISK_S_MAX = 40.0


# ---- in the way at the start


def test_a_taken_port_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path / "home", "watch", "--port", port, extra=at(nowhere()))
    assert (done.returncode, done.stdout) == (3, "")
    assert error_lines(done) == [
        f"error: port {port} is in use: choose another with --port, or stop what uses it",
        "help: foreshock doctor",
    ]


def test_a_data_folder_that_cannot_be_used_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run(tmp_path / "file" / "home", *DEMO)
    assert (done.returncode, done.stdout) == (3, "")
    said = error_lines(done)
    assert len(said) == 2
    assert "set FORESHOCK_HOME to a folder you may write" in said[0]


def test_a_setting_that_nobody_knows_is_named(tmp_path: Path) -> None:
    done = run(tmp_path / "home", *DEMO, extra={"FORESHOCK_LIMITS__PROFIL": "desk"})
    assert (done.returncode, done.stdout) == (3, "")
    assert "limits.profil" in error_lines(done)[0]


# ---- full disk


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte; skips where we may not mount one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root may mount a small disk: a full disk was NOT tested on real files")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", TINY_DISK, "tmpfs", str(folder)], check=False
    )
    if mounted.returncode:
        pytest.skip("no tmpfs can be mounted here: a full disk was NOT tested on real files")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


def test_a_full_disk_ends_the_desk_and_what_it_recorded_is_whole(tiny_disk: Path) -> None:
    with Program(tiny_disk / "home", *DEMO, extra=SMALL) as program:
        program.first_line()
        program.process.wait(DISK_S_MAX)
        assert program.process.returncode == 1
        last = [line for line in program.err.splitlines() if line.startswith("error: ")]
    assert len(last) == 1
    assert "disk full" in last[0]
    assert "free space" in last[0]
    assert "Traceback" not in program.err
    folder = next((tiny_disk / "home" / RUNS_NAME).iterdir())
    verified = run(tiny_disk / "home", "verify", str(folder))
    assert verified.returncode == 0, verified.stderr
    replayed = run(tiny_disk / "home", "replay", str(folder))
    assert (replayed.returncode, "identical" in replayed.stdout) == (0, True), replayed.stderr


# ---- venues that misbehave


class Scene:
    """A desk on paper over venues that say what they are told to."""

    def __init__(self, venues: Venues, program: Program) -> None:
        self.venues = venues
        self.program = program

    def venue(self, name: str) -> VenueView:
        return next(v for v in self.program.state().venues if v.venue == name)

    def is_whole(self) -> bool:
        """Every watched book of both venues is valid."""
        venues = self.program.state().venues
        return len(venues) == 2 and all(
            0 < venue.books_valid_count == venue.markets_watched_count for venue in venues
        )

    def inject(self, host: str, text: str) -> None:
        self.venues.faults[host].inject(text)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    home = folder / "home"
    home.mkdir()
    shutil.copy(config_folder() / DEMO_PAIRS_FILE, home / PAIRS_FILE)
    with Venues(folder) as venues:
        extra = at(venues.urls) | venues.key()
        with Program(home, "paper", "--port", "0", extra=extra) as program:
            program.first_line()
            scene = Scene(venues, program)
            until(scene.is_whole, program.alive)
            yield scene


HOSTILE = (
    "{",
    '{"event_type":"price_change","type":"orderbook_delta","sid":1,"seq":NaN}',
    '{"event_type":"book","type":"orderbook_delta","sid":1,"seq":1e309,"msg":{"x":1e309}}',
    "[" * 100_000,
    "\x00\x01\x7f",
    '[null, 1, "x"]',
)
PRICES = ("1.5", "-0.2", "0", "1", "NaN", "1e309", "0.5000001")


@pytest.mark.parametrize(("host", "name"), [("clob", "polymarket"), ("kalshi", "kalshi")])
def test_hostile_frames_are_quarantined_and_no_book_believes_them(
    scene: Scene, host: str, name: str
) -> None:
    market, token = scene.venues.polymarket_ids()
    before = scene.venue(name).quarantined_count
    for text in (*HOSTILE, *(priced(market, token, price) for price in PRICES)):
        scene.inject(host, text)
    until(lambda: scene.venue(name).quarantined_count > before, scene.program.alive)
    until(scene.is_whole, scene.program.alive)
    pairs = ask(scene.program.instance, "/api/pairs", list[PairView])
    books = [book for pair in pairs for book in (pair.a, pair.b) if book is not None]
    prices = {price for book in books for price, _ in (*book.bids, *book.asks)}
    assert prices
    assert all(0 < price < MICRO for price in prices)


def priced(market: str, token: str, price: str, side: str = "BUY") -> str:
    """A change of a Polymarket book at this price."""
    return (
        f'{{"event_type":"price_change","market":"{market}","timestamp":"1795000000000",'
        f'"price_changes":[{{"asset_id":"{token}","price":"{price}","size":"5","side":"{side}",'
        '"hash":"00","best_bid":"0.4","best_ask":"0.6"}]}'
    )


def test_changes_that_would_cross_a_book_put_it_in_doubt(scene: Scene) -> None:
    market, token = scene.venues.polymarket_ids()
    before = scene.venue("polymarket").quarantined_count
    scene.inject("clob", priced(market, token, "0.99"))
    scene.inject("clob", priced(market, token, "0.01", side="SELL"))
    path = f"/api/markets/polymarket:{market}/book"

    def is_doubted() -> bool:
        book = ask(scene.program.instance, path, BookView)
        return book.quality == "crossed" or scene.venue("polymarket").quarantined_count > before

    assert until(is_doubted, scene.program.alive)
    scene.venues.faults["clob"].cut()
    until(scene.is_whole, scene.program.alive)
    book = ask(scene.program.instance, path, BookView)
    assert book.bids[0][0] < book.asks[0][0]


def test_an_unknown_kind_of_message_is_counted_and_shown(scene: Scene) -> None:
    scene.inject("clob", '{"event_type":"moon_phase","phase":"full"}')
    scene.inject("kalshi", '{"type":"moon_phase","sid":1,"seq":1,"msg":{}}')
    for name in ("polymarket", "kalshi"):

        def shows(venue: str = name) -> bool:
            return any("moon_phase" in shape for shape in scene.venue(venue).unknown_shapes)

        until(shows, scene.program.alive)


def test_a_frame_of_ten_megabytes_costs_one_connection(scene: Scene) -> None:
    before = scene.venue("kalshi").reconnects_count
    scene.inject("kalshi", f'{{"type":"x","msg":"{"x" * TEN_MEGABYTES}"}}')
    until(lambda: scene.venue("kalshi").reconnects_count > before, scene.program.alive)
    until(scene.is_whole, scene.program.alive)


def test_cut_streams_come_back_with_whole_books(scene: Scene) -> None:
    before = {name: scene.venue(name).reconnects_count for name in ("polymarket", "kalshi")}
    for host in ("clob", "kalshi"):
        scene.venues.faults[host].cut()
    for name, count in before.items():

        def is_back(venue: str = name, past: int = count) -> bool:
            return scene.venue(venue).reconnects_count > past

        until(is_back, scene.program.alive)
    until(scene.is_whole, scene.program.alive)


def test_lost_frames_are_gaps_and_are_read_again(scene: Scene) -> None:
    before = scene.venue("kalshi").gaps_count
    scene.venues.faults["kalshi"].drop_next(1)
    until(lambda: scene.venue("kalshi").gaps_count > before, scene.program.alive)
    until(scene.is_whole, scene.program.alive)


def test_after_all_that_the_run_verifies(scene: Scene) -> None:
    done = run(scene.program.home, "verify")
    assert done.returncode == 0, done.stderr
