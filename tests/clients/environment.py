"""An environment of its own for a client whose requirements fit nobody else's, made when needed.

It is kept in the repository's cache folder, which git ignores: one for each set of requirements and
each Python, made again when either changes.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INSTALL_S_MAX = 240
MADE = ".made"
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "clients"


def python_of(folder: Path, version: str | None = None) -> Path:
    """The interpreter of the environment that `folder/requirements.lock` describes.

    version: of Python, "3.13", for clients that do not run on the tests' own. Skips the test, saying
    so, where the environment is not there and cannot be made.
    """
    lock = folder / "requirements.lock"
    described = lock.read_bytes() + sys.version.encode() + (version or "").encode()
    name = f"{folder.name}-{hashlib.sha256(described).hexdigest()[:16]}"
    home = CACHE / name
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one worker makes it, the others wait
        if not (home / MADE).is_file():
            _make(home, lock, _interpreter(version))
    return home / "bin" / "python"


def _interpreter(version: str | None) -> str:
    """The tests' own Python, or an installed one of a version: on the path, or of pyenv."""
    if version is None or sys.version.startswith(f"{version}."):
        return sys.executable
    installed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    for candidate in (*map(str, installed), shutil.which(f"python{version}")):
        if candidate is not None:
            tried = subprocess.run([candidate, "-c", ""], check=False, capture_output=True)
            if tried.returncode == 0:  # a launcher may stand there for a Python that does not
                return candidate
    pytest.skip(f"this client needs Python {version}, which is not installed")


def _make(home: Path, lock: Path, interpreter: str) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        pytest.skip("no environment for other people's clients: `uv` is not installed")
    shutil.rmtree(home, ignore_errors=True)
    into = ["--quiet", "--python", str(home)]
    steps = (
        [uv, "venv", "--quiet", "--python", interpreter, str(home)],
        [uv, "pip", "sync", *into, "--require-hashes", "--only-binary", ":all:", str(lock)],
    )
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, timeout=INSTALL_S_MAX)
        except subprocess.CalledProcessError as error:
            shutil.rmtree(home, ignore_errors=True)
            why = error.stderr.decode(errors="replace").strip()[-600:]
            pytest.skip(f"{lock.parent.name} cannot be installed here: {why}")
        except subprocess.TimeoutExpired:
            shutil.rmtree(home, ignore_errors=True)
            pytest.skip(f"{lock.parent.name} was not installed within {INSTALL_S_MAX} s")
    (home / MADE).touch()
