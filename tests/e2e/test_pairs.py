"""Does a person's word on a pair count at once, over every door, and in the next run?"""

from pathlib import Path

import httpx2

from foreshock.app.client import ask
from foreshock.dashboard.pair_views import MatchingView, PairDetailView, RelationView
from foreshock.dashboard.views import PairView
from tests.e2e.program import Program, decoded, error_lines, run, until

SHOWN_S_MAX = 60.0
TAKEN, NOTE_NEEDED = 200, 422


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
    likely = [view for view in waiting if view.relation == "identity"]
    accepted, blocked = likely[0].id, likely[1].id
    done = run(demo.home, "pairs", "accept", accepted, "--by", "Ada", "--note", "read both")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert decide_over_http(demo, shown(demo, blocked), "block", "") == NOTE_NEEDED
    assert decide_over_http(demo, shown(demo, blocked), "block", "never") == TAKEN
    until(lambda: shown(demo, blocked).standing == "blocked", demo.alive)
    return accepted, blocked


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
        versions = {pair.version for pair in ask(demo.instance, "/api/pairs", list[PairView])}
        assert versions == {1}, "the pairs file said nothing new"
