"""How a live desk ends, as a person sees it: finished, or named with an exit code of its own."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from foreshock.app.exits import Exit
from foreshock.app.sim_venues import Addresses
from tests.e2e.live_folder import VENUES, a_market, arm, live_folder, order, safe_folder, split
from tests.e2e.program import Program, children, run, until

TRADE_S_MAX = 90.0
PLACE = "/trade-api/v2/portfolio/events/orders"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    folder = tmp_path_factory.mktemp("venues")
    with Program(folder / "home", "sim-venues", "--seed", "5") as venues:
        yield msgspec.json.decode(venues.first_line(), type=Addresses)
        venues.alive()


def open_now(home: Path) -> dict[str, str]:
    """What the folder says is open."""
    path = home / "open-packages.json"
    return json.loads(path.read_text())["holds"] if path.exists() else {}


def conversion(home: Path) -> str | None:
    """How the only conversion of the desk stands, None before it is known."""
    rows = run(home, "positions", "conversions", "-o", "jsonl").stdout.splitlines()
    return json.loads(rows[0])["state"] if rows else None


def trading(program: Program, home: Path) -> None:
    """Wait until the desk sees edges, then arm it."""
    program.first_line()
    until(lambda: program.state().edges_open_count, program.alive)
    for venue in VENUES:
        arm(home, venue)


def test_a_desk_ended_in_the_middle_of_a_pair_finishes_it(
    tmp_path: Path, served: Addresses
) -> None:
    home = live_folder(tmp_path, served)
    with Program(home, "live", "--port", "0") as program:
        order(served, "kalshi/requests", effect="delay_answer", path=PLACE, delay_us=2_000_000)
        trading(program, home)
        until(lambda: open_now(home), program.alive, TRADE_S_MAX)
        for pid in children(program.process.pid):
            os.kill(pid, signal.SIGTERM)  # as whoever ends a whole group of processes does
        code, _ = program.end(signal.SIGTERM)
        assert code == Exit.OK, program.err
    assert open_now(home) == {}
    listed = run(home, "replay")
    assert "identical" in listed.stdout + listed.stderr


def test_a_split_on_its_way_is_waited_for(tmp_path: Path, served: Addresses) -> None:
    home = safe_folder(tmp_path, served)
    with Program(home, "live", "--port", "0") as program:
        program.first_line()
        market = a_market(program)
        arm(home, "polymarket")
        until(lambda: split(home, market, "--wait", "0"), program.alive)
        until(lambda: conversion(home) in {"sent", "pending"}, program.alive)
        code, _ = program.end(signal.SIGTERM)
        assert code == Exit.OK, program.err
        assert "left open" not in program.err


def test_a_split_that_cannot_be_finished_is_named_and_followed_by_the_next_run(
    tmp_path: Path, served: Addresses
) -> None:
    home = safe_folder(tmp_path, served, stop_s_max=3)
    order(served, "relayer/requests", effect="drop_request", path="/submit", count=None)
    with Program(home, "live", "--port", "0") as program:
        program.first_line()
        market = a_market(program)
        arm(home, "polymarket")
        until(lambda: split(home, market, "--wait", "0"), program.alive)
        until(lambda: conversion(home) == "unknown", program.alive)
        code, seconds = program.end(signal.SIGTERM)
        assert code == Exit.LEFT_OPEN, program.err
        assert 2 < seconds < 15
        assert f"1 left open at the venues: split:{market}" in program.err
    with Program(home, "live", "--port", "0") as again:
        again.first_line()
        assert until(lambda: conversion(home), again.alive) == "unknown"
        assert again.state().halts == []
        again.end(signal.SIGTERM)
