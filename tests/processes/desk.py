"""A real desk before a network that hurts: it is killed, started again, healed, and then judged."""

import random
import shutil
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from foreshock.adapters.storage.journal import JOURNAL_NAME, Told, read_journal
from foreshock.app.client import tell
from foreshock.app.config import config_folder
from foreshock.app.instance import RUNS_NAME
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE
from foreshock.app.recordings import check_run, open_folder
from foreshock.app.sim_venues import Addresses
from foreshock.core.domain.errors import ForeshockError
from foreshock.core.domain.messages.decisions import Halted, IncidentOpened, PackageOpened
from foreshock.core.domain.messages.union import Message
from foreshock.dashboard.arm_routes import phrase
from foreshock.dashboard.views import StateView
from tests.e2e.program import Program, children, is_running, run, until
from tests.processes.proxy import Proxies
from tests.processes.truth import Held, Naked, Truth, at_rest

LIVE = ("live", "--port", "0")
VENUES = ("polymarket", "kalshi")
TRADE_S_MAX = 120.0
RECONCILE_S_MAX = 120.0
REST_S_MAX = 60.0
HOSTS = ("gamma", "clob", "data", "kalshi")
LOOK_S = 0.1
PACKAGE_S = 0.6
"""A package is usually over by then."""
STARTS_MAX = 8


class Home:
    """A data folder whose desk reaches the venues through proxies."""

    def __init__(self, folder: Path, served: Addresses, urls: dict[str, str]) -> None:
        self.path = folder
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(config_folder() / DEMO_PAIRS_FILE, folder / PAIRS_FILE)
        assert served.polymarket_account is not None
        wallet = folder / "wallet.key"
        wallet.touch(0o600)
        wallet.write_text(served.polymarket_account.private_key)
        (folder / "config.toml").write_text(
            f"""
[polymarket]
gamma_url = "{urls["gamma"]}"
clob_url = "{urls["clob"]}"
stream_url = "{urls["clob"].replace("http", "ws", 1)}"
[kalshi]
rest_url = "{urls["kalshi"]}"
stream_url = "{urls["kalshi"].replace("http", "ws", 1)}"
key_id = "{served.kalshi_key_id}"
[live]
polymarket_key = "file:{wallet}"
kalshi_key = "file:{served.kalshi_key_file}"
polymarket_data_url = "{urls["data"]}"
polymarket_website_url = "{urls["clob"]}"
clip_max_dollars = "500"
[watch]
markets_max = 60
catalogue_max = 0
[oracles]
coin_sources = ""
[news]
gdelt_url = "{served.source_urls["gdelt"]}"
fred_url = "{served.source_urls["fred"]}"
bls_url = "{served.source_urls["bls"]}"
""",
            encoding="utf8",
        )

    def runs(self) -> list[Path]:
        """Folders of runs, oldest first."""
        folder = self.path / RUNS_NAME
        return sorted(folder.iterdir()) if folder.exists() else []

    def messages(self) -> Iterator[Message]:
        """Everything that was heard and said, as far as it is on disk."""
        for folder in self.runs():
            if not (folder / JOURNAL_NAME).exists():
                continue
            for step in read_journal(open_folder(folder)(JOURNAL_NAME)):
                if isinstance(step.input, Told):
                    yield step.input.message
                yield from (entry.message for entry in step.said)


class Verdict(msgspec.Struct):
    """What a run came to. unexplained: pairs of which a side stands alone, and nobody was told."""

    kills_count: int
    packages_count: int
    faults: dict[str, int]
    naked: list[Naked]
    unexplained: list[Naked]
    held: Held
    states: dict[str, str]
    verified: list[str]
    orphans: list[int]


def ordeal(seed: int, folder: Path, *, kills_max: int, hurt_s: float) -> Verdict:
    """Venues, proxies and a desk; faults and kills by the seed; then peace, and a judgement."""
    rng = random.Random(seed)
    with Program(folder / "venues", "sim-venues", "--seed", str(seed % 1_000)) as venues:
        served = msgspec.json.decode(venues.first_line(), type=Addresses)
        targets = {name: getattr(served, f"{name}_url") for name in HOSTS}
        with Proxies(targets, seed) as proxies:
            home = Home(folder / "home", served, proxies.urls)
            kills, orphans = _hurt(home, proxies, rng, kills_max, hurt_s)
            proxies.heal()
            states = peace(home)
            truth = Truth(served, home.path / PAIRS_FILE)
            held, unexplained = judged_at_rest(home, served)
            return Verdict(
                kills_count=kills,
                packages_count=sum(isinstance(m, PackageOpened) for m in home.messages()),
                faults=dict(proxies.met),
                naked=truth.naked(held),
                unexplained=unexplained,
                held=held,
                states=states,
                verified=[folder.name for folder in home.runs() if check_run(folder).steps_count],
                orphans=[pid for pid in orphans if is_running(pid)],
            )


def judged_at_rest(home: Home, served: Addresses) -> tuple[Held, list[Naked]]:
    """What the venues hold once nothing moves, and what of it stands alone untold."""
    truth = Truth(served, home.path / PAIRS_FILE)
    held = at_rest(truth.held, REST_S_MAX)
    return held, [one for one in truth.naked(held) if not told_of(home, one)]


def told_of(home: Home, naked: Naked) -> bool:
    """Whether an incident or a halt names the pair, one of its markets, or a package of it."""
    names = {naked.pair.id, naked.pair.a, naked.pair.b}
    said: list[str] = []
    for message in home.messages():
        match message:
            case PackageOpened(package_id=package_id, request=request):
                markets = {leg.market for leg in request.edge.legs}
                names |= {package_id} if markets & {naked.pair.a, naked.pair.b} else set()
            case IncidentOpened():
                said.append(f"{message.id} {message.about} {message.words}")
            case Halted():
                said.append(message.reason)
            case _:
                pass
    return any(name in words for words in said for name in names)


def arm(home: Home) -> None:
    """Both venues, whatever the record on paper says."""
    for venue in VENUES:
        typed = f"{phrase(venue)}\n"
        done = run(home.path, "arm", venue, "--override-paper-days", typed=typed)
        assert done.returncode == 0, done.stderr


def _hurt(
    home: Home, proxies: Proxies, rng: random.Random, kills_max: int, hurt_s: float
) -> tuple[int, list[int]]:
    """Trade, be hurt and be killed; returns the kills, and processes that must have ended.

    The first kill comes in peace, when trade is brisk; what follows starts into the faults.
    """
    kills, orphans = 0, list[int]()
    deadline = None
    while True:
        with started(home) as desk:
            arm(home)
            if _state(desk).halts:
                tell(desk.instance, "/api/resume", {"scope": "all", "confirm": "resume"})
            if not kills:
                until(lambda: _state(desk).packages_hedged_count, desk.alive, TRADE_S_MAX)
            if deadline is None and (kills or not kills_max):
                deadline = time.monotonic() + hurt_s
                proxies.hurt()
            left = hurt_s if deadline is None else deadline - time.monotonic()
            if kills >= kills_max or left <= 0:
                time.sleep(max(0.0, left))
                proxies.heal()
                orphans += children(desk.process.pid)
                code, _ = desk.end(signal.SIGTERM)
                assert code == 0, desk.err
                return kills, orphans
            _await_moment(desk, rng, left)
            orphans += children(desk.process.pid)
            desk.process.kill()
            desk.process.wait()
            kills += 1


def _await_moment(desk: Program, rng: random.Random, left: float) -> None:
    """When to kill: at any moment, or a moment after a package was opened."""
    if rng.random() < 1 / 3:
        time.sleep(rng.uniform(0.5, left / 2))
        return
    deadline = time.monotonic() + left
    while time.monotonic() < deadline and not _state(desk).packages_open_count:
        time.sleep(LOOK_S)
    time.sleep(rng.uniform(0, PACKAGE_S))


@contextmanager
def started(home: Home) -> Generator[Program]:
    """A live desk that runs. One that cannot start says so in a line, and is started again."""
    for attempt in range(STARTS_MAX):
        with Program(home.path, *LIVE) as desk:
            while desk.process.poll() is None and "\n" not in desk.out:
                time.sleep(LOOK_S)
            if desk.process.poll() is None:
                yield desk
                return
            assert "Traceback" not in desk.err, desk.err
            assert "error: " in desk.err, f"start {attempt} ended without a word"
    raise AssertionError(f"not started in {STARTS_MAX} attempts")


def _state(desk: Program) -> StateView:
    """The state, asked again while the desk is too busy to answer."""
    for _ in range(5):
        try:
            return desk.state()
        except (ForeshockError, OSError):
            desk.alive()
            time.sleep(0.5)
    return desk.state()


def peace(home: Home) -> dict[str, str]:
    """Start once more in peace, unarmed: where does the desk stand with each venue at last?"""

    def settled() -> dict[str, str] | None:
        standings = {view.venue: view.standing for view in _state(desk).venues}
        states = {name: found.state for name, found in standings.items() if found is not None}
        is_settled = set(states) == set(VENUES) and "reconciling" not in states.values()
        return states if is_settled else None

    with started(home) as desk:
        found = until(settled, desk.alive, RECONCILE_S_MAX)
        code, _ = desk.end(signal.SIGTERM)
        assert code == 0, desk.err
        return found
