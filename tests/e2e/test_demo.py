"""Does the demo do what its first page promises? One running desk, asked from other processes."""

import contextlib
import csv
import io
import re
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest

from foreshock.app.client import ask
from foreshock.dashboard.pair_views import MatchingView
from foreshock.dashboard.views import (
    AuditEntryView,
    AuditView,
    EdgeView,
    PackageView,
    PairView,
    StateView,
)
from tests.e2e.program import Program, children, decoded, error_lines, run, until

PACKAGE_S_MAX = 90.0
CALM_S = 2.5
LISTEN = "0A"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("demo") / "home"
    with Program(home, "demo", "--no-browser", "--port", "0") as program:
        program.first_line()
        yield program


def test_the_link_is_data_and_the_talk_is_on_stderr(demo: Program) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/login\?token=[\w-]{40,}\n", demo.out)
    assert "SIMULATED - no real money" in demo.err
    assert "far more frequent than in life" in demo.err


def test_a_second_process_sees_priced_and_refused_edges(demo: Program) -> None:
    def refused() -> list[EdgeView] | None:
        done = run(demo.home, "edges", "-o", "json")
        rows = decoded(done.stdout, list[EdgeView]) if done.returncode == 0 else []
        return rows if any(row.refusals for row in rows) else None

    rows = until(refused, demo.alive)
    assert all(row.refusals for row in rows if row.status == "refused")
    assert all(refusal.words for row in rows for refusal in row.refusals)
    nets = [row.net_micros for row in rows if row.status == "open"]
    assert nets == sorted(nets, reverse=True)


def test_the_whole_sum_of_every_edge_adds_up(demo: Program) -> None:
    rows = until(demo.edges, demo.alive)
    for row in rows:
        assert row.cost_micros == sum(leg.cost_micros for leg in row.legs)
        assert row.fees_micros == sum(leg.fee_micros for leg in row.legs)
        costs = row.cost_micros + row.fees_micros + row.frictions_micros
        kept = row.payout_micros - costs - row.lockup_micros - row.hedge_risk_micros
        assert row.net_micros == kept, row.id
        assert {leg.venue for leg in row.legs} <= {"polymarket", "kalshi"}


def test_the_first_package_closes_hedged(demo: Program) -> None:
    def hedged() -> list[PackageView] | None:
        return [package for package in demo.packages() if package.outcome == "hedged"]

    package = until(hedged, demo.alive, PACKAGE_S_MAX)[-1]
    assert package.closed_us is not None
    filled: Counter[str] = Counter()
    for order in package.orders:
        filled[order.venue] += order.filled_micros * (1 if order.action == "buy" else -1)
    assert sorted(filled) == ["kalshi", "polymarket"]
    assert set(filled.values()) == {package.quantity_micros}, "both legs hold the same contracts"
    state = demo.state()
    assert state.first_package_closed_us is not None
    assert state.packages_hedged_count >= 1


def test_why_tells_the_chain_behind_an_edge_an_order_and_a_package(demo: Program) -> None:
    package = until(demo.packages, demo.alive)[-1]
    for about in (package.id, package.orders[0].id, demo.edges()[0].id):
        done = run(demo.home, "why", about, "-o", "json")
        chain = decoded(done.stdout, list[AuditEntryView])
        assert [entry for entry in chain if entry.words], about
        assert chain[0].cause is None or len(chain) > 1
    unknown = run(demo.home, "why", "no-such-thing")
    assert unknown.returncode == 1
    assert error_lines(unknown)[0] == "error: nothing is known about no-such-thing"


def test_status_and_pairs_say_how_it_stands(demo: Program) -> None:
    state = decoded(run(demo.home, "status", "-o", "json").stdout, StateView)
    assert state.mode == "demo"
    assert {venue.venue for venue in state.venues} == {"polymarket", "kalshi"}
    assert all(venue.books_valid_count for venue in state.venues)
    words = run(demo.home, "status").stdout
    assert words.startswith("SIMULATED - no real money")
    pairs = decoded(run(demo.home, "pairs", "-o", "json").stdout, list[PairView])
    assert len(pairs) >= 10
    confirmed = {pair.confirmed_by.partition(" (")[0] for pair in pairs}
    assert confirmed <= {"the simulated world", "the rules alone"}


def test_every_output_shape_carries_the_same_rows(demo: Program) -> None:
    def matched() -> bool:
        found = ask(demo.instance, "/api/matching", MatchingView)
        return found.compared_count > 0 and found.waiting_count == 0

    until(matched, demo.alive)
    asked = {shape: run(demo.home, "pairs", "-o", shape) for shape in ("json", "jsonl", "csv")}
    ids = [pair.id for pair in decoded(asked["json"].stdout, list[PairView])]
    lines = asked["jsonl"].stdout.splitlines()
    assert [msgspec.json.decode(line, type=PairView).id for line in lines] == ids
    rows = list(csv.DictReader(io.StringIO(asked["csv"].stdout)))
    assert [row["id"] for row in rows] == ids
    table = run(demo.home, "pairs").stdout.splitlines()
    assert [line.split()[-3] for line in table[1:]] == ids  # before the ids of both markets
    assert not any(done.stderr for done in asked.values())


def test_a_halt_stops_new_orders_until_it_is_resumed(demo: Program) -> None:
    until(demo.orders, demo.alive, PACKAGE_S_MAX)
    done = run(demo.home, "halt", "--reason", "a look around")
    try:
        assert (done.returncode, done.stdout) == (0, "")
        halts = until(lambda: demo.state().halts, demo.alive)
        assert [(halt.scope, halt.by, halt.reason) for halt in halts] == [
            ("all", "command line", "a look around")
        ]
        time.sleep(0.5)  # an order recorded before the halt may still be on its way
        before = _entering(demo)
        time.sleep(CALM_S)
        assert _entering(demo) == before
        assert "HALTED all by command line: a look around" in run(demo.home, "status").stdout
        audit = ask(demo.instance, "/api/audit?q=a%20look%20around", AuditView)
        assert audit.entries
        unsure = run(demo.home, "resume", typed="no\n")
        assert (unsure.returncode, demo.state().halts) == (2, halts)
        silent = run(demo.home, "resume")
        assert error_lines(silent)[0] == "error: not confirmed: nothing was changed"
    finally:
        resumed = run(demo.home, "resume", typed="resume\n")
    assert resumed.returncode == 0
    assert until(lambda: not demo.state().halts, demo.alive)
    until(lambda: _entering(demo) - before, demo.alive, PACKAGE_S_MAX)


def test_a_halt_of_an_unknown_venue_is_refused_and_says_which_there_are(demo: Program) -> None:
    done = run(demo.home, "halt", "mars")
    assert done.returncode == 1
    assert error_lines(done) == [
        "error: there is no 'mars' to halt or resume",
        "help: one of: all, polymarket, kalshi",
    ]


def test_a_link_opens_the_door_once(demo: Program) -> None:
    link = run(demo.home, "login").stdout.strip()
    with httpx2.Client(trust_env=False) as browser:
        opened = browser.get(link)
        assert (opened.status_code, opened.headers["location"]) == (303, "/")
        assert browser.get(f"{demo.instance.url}/api/state").status_code == 200
    with httpx2.Client(trust_env=False) as other:
        assert other.get(link).status_code == 401
        assert other.get(f"{demo.instance.url}/api/state").status_code == 401


def test_the_demo_talks_to_this_machine_only(demo: Program) -> None:
    pid = demo.process.pid
    family = [pid, *children(pid)]
    assert len(family) == 2
    peers = {peer for member in family for peer in _peers(member)}
    assert peers
    assert all(peer.startswith("127.") for peer in peers), peers


def _entering(demo: Program) -> set[str]:
    return {order.id for order in demo.orders() if order.purpose == "enter"}


def _peers(pid: int) -> list[str]:
    """Addresses at the other end of a process's open TCP connections."""
    inodes: set[str] = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            inodes |= set(re.findall(r"socket:\[(\d+)\]", str(link.readlink())))
    found: list[str] = []
    for line in Path(f"/proc/{pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[9] in inodes and fields[3] != LISTEN:
            address = int(fields[2].partition(":")[0], 16)
            found.append(socket.inet_ntoa(struct.pack("<I", address)))
    return found
