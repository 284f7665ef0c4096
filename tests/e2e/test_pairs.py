"""Does a person's word on a pair count at once, over every door, and in the next run?"""

import shutil
from pathlib import Path

import httpx2

from foreshock.adapters.sim.rewording import reword
from foreshock.app.client import ask
from foreshock.app.config import config_folder
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE
from foreshock.dashboard.pair_views import MatchingView, PairDetailView, RelationView
from foreshock.dashboard.views import PairView
from tests.e2e.program import Program, decoded, error_lines, run, until
from tests.e2e.venues import Venues, at

SHOWN_S_MAX = 60.0
TAKEN, NOTE_NEEDED = 200, 422
PAIR, PAIR_MARKET = "fed-27JAN-3.75", "kalshi:KXFED-27JAN-T3.75"
RELISTED_OFTEN = {"FORESHOCK_WATCH__RELIST_INTERVAL_S": "5"}


def queue(demo: Program) -> list[RelationView] | None:
    """What waits for a person, once matching has gone through every market."""
    matching = ask(demo.instance, "/api/matching", MatchingView)
    is_done = matching.compared_count > 0 and matching.waiting_count == 0
    return ask(demo.instance, "/api/pairs/review", list[RelationView]) if is_done else None


def shown(demo: Program, pair_id: str) -> PairDetailView:
    return decoded(run(demo.home, "pairs", "show", pair_id, "-o", "json").stdout, PairDetailView)


def decide_over_http(demo: Program, pair: PairDetailView, verdict: str, note: str) -> int:
    """A verdict as the dashboard sends it."""
    assert pair.a is not None
    assert pair.b is not None
    body = {"verdict": verdict, "note": note, "terms": {"a": pair.a.terms, "b": pair.b.terms}}
    with httpx2.Client(trust_env=False) as client:
        answer = client.post(
            f"{demo.instance.url}/api/pairs/{pair.id}/decide",
            json=body,
            headers={"authorization": f"Bearer {demo.instance.token}"},
        )
    return answer.status_code


def decide_two(demo: Program) -> tuple[str, str]:
    """Accept one pair in the terminal, block another over HTTP; returns their ids."""
    waiting = until(lambda: queue(demo), demo.alive, SHOWN_S_MAX)
    assert all(view.standing_words for view in waiting)
    accepted, blocked = waiting[0].id, waiting[1].id
    named = ("--relation", "identity", "--by", "Ada", "--note", "read both")
    done = run(demo.home, "pairs", "accept", accepted, *named)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert decide_over_http(demo, shown(demo, blocked), "block", "") == NOTE_NEEDED
    assert decide_over_http(demo, shown(demo, blocked), "block", "never") == TAKEN
    until(lambda: shown(demo, blocked).standing == "blocked", demo.alive)
    return accepted, blocked


def test_a_rule_edit_on_the_wire_takes_the_pair_out_of_a_running_desk(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(config_folder() / DEMO_PAIRS_FILE, home / PAIRS_FILE)
    with Venues(tmp_path) as venues:
        extra = {**at(venues.urls), **venues.key(), **RELISTED_OFTEN}
        with Program(home, "paper", "--port", "0", extra=extra) as desk:
            desk.first_line()
            until(lambda: _standing(desk, PAIR) == "trading", desk.alive)
            ticker = PAIR_MARKET.partition(":")[2]
            reword(venues.world.kalshi, ticker, "If it rains, then the market resolves to Yes.")
            until(lambda: _standing(desk, PAIR) == "reopened", desk.alive)
            view = shown(desk, PAIR)
            assert f"the venue changed the rules of {PAIR_MARKET}" in view.standing_words
            assert view.b is not None
            assert "it rains" in view.b.rules, "the person sees the new text"
            edges = [edge for edge in desk.edges() if edge.pair_id == PAIR]
            assert {edge.status for edge in edges} <= {"withdrawn"}
            others = {pair.standing for pair in ask(desk.instance, "/api/pairs", list[PairView])}
            assert others == {"trading", "reopened"}


def _standing(desk: Program, pair_id: str) -> str:
    return shown(desk, pair_id).standing if is_known(desk, pair_id) else ""


def is_known(desk: Program, pair_id: str) -> bool:
    return any(pair.id == pair_id for pair in ask(desk.instance, "/api/pairs", list[PairView]))


def test_verdicts_count_at_once_and_in_the_next_run(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Program(home, "demo", "--no-browser", "--port", "0") as demo:
        demo.first_line()
        accepted, blocked = decide_two(demo)
        assert shown(demo, accepted).standing == "trading"
        again = run(home, "pairs", "accept", accepted, "--seen", "0" * 16)
        assert error_lines(again)[0].startswith("error: a text of")
        look_alikes = ask(demo.instance, "/api/pairs/relations?relation=subset", list[RelationView])
        assert all(view.differs for view in look_alikes if view.standing == "apart")
        pairs = ask(demo.instance, "/api/pairs", list[PairView])
        assert {pair.standing for pair in pairs} == {"trading"}
        assert run(home, "stop").returncode == 0
        assert demo.end()[0] == 0
    replayed = run(home, "replay")
    assert replayed.returncode == 0, replayed.stdout
    with Program(home, "demo", "--no-browser", "--port", "0") as demo:
        demo.first_line()
        until(lambda: queue(demo), demo.alive, SHOWN_S_MAX)
        kept = shown(demo, accepted)
        (event,) = kept.history
        assert (event.by, event.note) == ("Ada (command line)", "read both")
        assert kept.standing == "trading"
        assert shown(demo, blocked).standing == "blocked"
        filed = [
            pair
            for pair in ask(demo.instance, "/api/pairs", list[PairView])
            if pair.confirmed_by == "the simulated world"
        ]
        assert {pair.version for pair in filed} == {1}, "the pairs file said nothing new"
