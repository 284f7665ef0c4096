"""Is everything there that foreshock needs? One line a check, with what to do about it."""

import shutil
import socket
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.config import Settings, config_folder, home_folder, load_settings
from foreshock.app.fee_packs import load_fee_packs, load_frictions
from foreshock.app.instance import running
from foreshock.app.limits_file import read_limits
from foreshock.app.pairs_file import PAIRS_FILE, load_pairs
from foreshock.app.venues import kalshi_key
from foreshock.app.verdict_store import VerdictStore
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.matching import PairDecided

DISK_FLOOR_BYTES = 1024**3
PYTHON_MIN = (3, 11)


class Finding(msgspec.Struct, frozen=True):
    """One check. note: missing, but only some commands need it."""

    check: str
    state: Literal["ok", "note", "problem"]
    words: str


def examine() -> list[Finding]:
    """Every check, in the order in which a person would mend them."""
    findings = [_python(), _home(), _dashboard_pages()]
    try:
        settings = load_settings({})
    except ConfigError as error:
        return [*findings, Finding("settings", "problem", str(error))]
    checks: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("port", _port),
        ("fees and limits", _tables),
        ("pairs", _pairs),
        ("verdicts", _verdicts),
        ("Kalshi key", _kalshi),
    )
    for name, check in checks:
        try:
            findings.append(check(settings))
        except ConfigError as error:
            findings.append(Finding(name, "problem", str(error)))
    return findings


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON_MIN:
        return Finding("python", "problem", f"{version}: install Python 3.11 or newer")
    return Finding("python", "ok", version)


def _home() -> Finding:
    home = home_folder()
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    probe = existing / ".foreshock-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        words = f"cannot write {existing}: {error.strerror}; set FORESHOCK_HOME to another folder"
        return Finding("data folder", "problem", words)
    if free < DISK_FLOOR_BYTES:
        words = f"{free // 1024**2} MiB free for {home}: free some space, 1 GiB is the floor"
        return Finding("data folder", "problem", words)
    return Finding("data folder", "ok", f"{home}, {free // 1024**3} GiB free")


def _dashboard_pages() -> Finding:
    if (Path(str(files("foreshock"))) / "webui" / "index.html").is_file():
        return Finding("dashboard pages", "ok", "built")
    return Finding("dashboard pages", "problem", "not built: run `make ui`, or install a wheel")


def _port(settings: Settings) -> Finding:
    host, port = settings.dashboard.host, settings.dashboard.port
    instance = running(home_folder())
    if instance is not None:
        return Finding("port", "ok", f"a {instance.mode} desk runs at {instance.url}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            words = f"{host}:{port} cannot be used ({error.strerror}): choose another with --port"
            return Finding("port", "problem", words)
    return Finding("port", "ok", f"{host}:{port} is free")


def _tables(_: Settings) -> Finding:
    folder = config_folder()
    packs = load_fee_packs(folder / "fees")
    frictions = load_frictions(folder / "frictions.toml")
    read_limits(folder / "limits.toml")
    versions = ", ".join(f"{name} {pack.version}" for name, pack in packs.items())
    return Finding("fees and limits", "ok", f"{versions}, frictions {frictions.version}")


def _pairs(_: Settings) -> Finding:
    path = home_folder() / PAIRS_FILE
    if not path.exists():
        words = (
            f"no {path}: only pairs that are found are compared; config/pairs.yaml shows the form"
        )
        return Finding("pairs", "note", words)
    return Finding("pairs", "ok", f"{len(load_pairs(path))} confirmed in {path}")


def _verdicts(_: Settings) -> Finding:
    kept = VerdictStore(DiskFolder(home_folder()), is_simulated=False).peek()
    decided = {fact.pair_id for fact in kept if isinstance(fact, PairDecided)}
    return Finding("verdicts", "ok", f"{len(decided)} pairs decided, {len(kept)} entries")


def _kalshi(settings: Settings) -> Finding:
    key = kalshi_key(settings)
    if key is None:
        words = (
            "none: Kalshi is polled, shown as POLLED and never traded on; "
            "set kalshi.key_id and kalshi.key_file for its stream"
        )
        return Finding("Kalshi key", "note", words)
    return Finding("Kalshi key", "ok", repr(key))
