"""A data folder with which `foreshock live` trades at simulated venues, and how faults are ordered."""

import shutil
from pathlib import Path

import httpx2
import msgspec

from foreshock.app.config import config_folder
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE
from foreshock.app.sim_venues import Addresses
from foreshock.dashboard.arm_routes import phrase
from foreshock.dashboard.conversions import ConversionView
from tests.e2e.program import Program, run, until

VENUES = ("polymarket", "kalshi")
WALLET = "0x" + "Ab" * 20
TIMEOUT_S = 10.0


def live_folder(folder: Path, served: Addresses, **live: str | int) -> Path:
    """A home with pairs, addresses and the sources of both keys. live: more of that section."""
    assert served.polymarket_account is not None
    home = folder / "home"
    home.mkdir(parents=True)
    shutil.copy(config_folder() / DEMO_PAIRS_FILE, home / PAIRS_FILE)
    wallet = secret(folder / "wallet.key", served.polymarket_account.private_key)
    more = "\n".join(
        f"{key} = {msgspec.json.encode(value).decode()}" for key, value in live.items()
    )
    (home / "config.toml").write_text(
        f"""
[polymarket]
gamma_url = "{served.gamma_url}"
clob_url = "{served.clob_url}"
stream_url = "{served.clob_url.replace("http", "ws", 1)}"
[kalshi]
rest_url = "{served.kalshi_url}"
stream_url = "{served.kalshi_url.replace("http", "ws", 1)}"
key_id = "{served.kalshi_key_id}"
[live]
polymarket_key = "file:{wallet}"
kalshi_key = "file:{served.kalshi_key_file}"
polymarket_data_url = "{served.data_url}"
polymarket_website_url = "{served.clob_url}"
polymarket_relayer_url = "{served.relayer_url}"
clip_max_dollars = "500"
{more}
[watch]
markets_max = 60
""",
        encoding="utf8",
    )
    return home


def safe_folder(folder: Path, served: Addresses, **live: str | int) -> Path:
    """The same with a funded Safe in place of the key's own account, and its relayer's key."""
    assert served.polymarket_account is not None
    owner = served.polymarket_account.address
    granted = order(
        served, "clob/account", owner=owner, wallet=WALLET, signature_type=2, cash="1000"
    )
    folder.mkdir(parents=True, exist_ok=True)
    key = secret(folder / "relayer.key", str(granted["relayer_key"]))
    safe: dict[str, str | int] = {
        "polymarket_wallet": WALLET,
        "polymarket_signature_type": 2,
        "polymarket_relayer_key": f"file:{key}",
        "sets_max_dollars": "100",
    }
    return live_folder(folder, served, **(safe | live))


def a_market(program: Program) -> str:
    """A market of Polymarket that the desk watches."""
    edges = until(program.edges, program.alive)
    return next(leg.market for edge in edges for leg in edge.legs if leg.venue == "polymarket")


def split(home: Path, market: str, *more: str) -> ConversionView | None:
    """Split ten, once the account has been read; None before that."""
    done = run(home, "positions", "split", market, "--count=10", "--yes", "-o", "jsonl", *more)
    if "NOT_RECONCILED" in done.stderr or "NOT_READ" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout, type=ConversionView)


def secret(path: Path, text: str) -> Path:
    """A file that only its owner reads."""
    path.touch(0o600)
    path.write_text(text)
    return path


def order(served: Addresses, what: str, /, **body: object) -> dict[str, object]:
    """Order something at the control host of the venues."""
    url = f"{served.control_url}/sim/control/{what}"
    with httpx2.Client(timeout=TIMEOUT_S, trust_env=False) as client:
        answer = client.post(url, json=body)
    assert answer.status_code == httpx2.codes.OK, answer.text
    return msgspec.json.decode(answer.content, type=dict[str, object])


def arm(home: Path, venue: str) -> None:
    """As a person does it."""
    done = run(home, "arm", venue, "--override-paper-days", typed=f"{phrase(venue)}\n")
    assert done.returncode == 0, done.stderr
