"""Does the tree keep the rules of CONVENTIONS.md that no linter knows?"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "foreshock"
TESTS = ROOT / "tests"

FUNCTION_LINES_MAX = 50
MODULE_LINES_MAX = 400
REASON_LETTERS_MIN = 8

EXACT_PACKAGES = ("core/domain/", "core/pricing/", "core/risk/", "core/execution/")
BELOW_APP = ("core/", "adapters/", "dashboard/")
REPLAYED = ("core/", "adapters/")
GUARDIAN = "core/risk/guardian.py"
CLOCK = "adapters/clock.py"
SETTINGS = "app/config.py"

CLOCK_READS = re.compile(
    r"time\.(time|monotonic|perf_counter|process_time)(_ns)?|time\.(localtime|gmtime)"
    r"|datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today"
)
ENVIRONMENT_READS = re.compile(r"os\.(environ|getenv|environb)(\..*)?")
CHANCE = re.compile(r"random\.(?!Random$)\w+|uuid\.uuid[14]|secrets\.\w+|os\.urandom")
SHELL_ONLY = re.compile(
    r"(asyncio|threading|subprocess|socket|ssl|select|selectors|time|os|pathlib|tempfile|shutil"
    r"|httpx2|websockets|uvicorn|starlette|fastapi|sqlalchemy|uvloop|stamina)(\..*)?"
)
EXEMPTION = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?|(?:pyright|type):\s*ignore(?:\[[^\]]*\])?)"
)

PYTHON = sorted(p for p in SOURCE.rglob("*.py") if p.stat().st_size)
MODULES = [p for p in PYTHON if p.name != "__init__.py"]
WRITTEN = [*PYTHON, *sorted(TESTS.rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]


def place(path: Path) -> str:
    """Where a module stands, relative to the package, with forward slashes."""
    return path.relative_to(SOURCE).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf8"))


each_module = pytest.mark.parametrize("path", MODULES, ids=place)


# ---- size and shape ------------------------------------------------------------------------


@each_module
def test_module_and_functions_stay_short(path: Path) -> None:
    assert path.read_text(encoding="utf8").count("\n") <= MODULE_LINES_MAX
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= FUNCTION_LINES_MAX, f"{node.name}: {lines} lines"


@each_module
def test_module_says_which_question_it_answers(path: Path) -> None:
    assert ast.get_docstring(parsed(path)), "no module docstring"


def test_init_files_are_empty_save_the_packages_own() -> None:
    full = [place(p) for p in PYTHON if p.name == "__init__.py"]
    assert full == ["__init__.py"]


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {folder for p in PYTHON for folder in p.relative_to(SOURCE).parents}
    bare = [str(f) for f in sorted(folders) if not (SOURCE / f / "__init__.py").is_file()]
    assert not bare


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_exemption_gives_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), start=1):
        if found := EXEMPTION.search(line):
            reason = re.sub(r"[^A-Za-z]", "", EXEMPTION.sub("", line[found.start() :]))
            assert len(reason) >= REASON_LETTERS_MIN, (
                f"line {number}: an exemption without a reason"
            )


# ---- money, time, chance, errors -----------------------------------------------------------


@pytest.mark.parametrize(
    "path", [p for p in MODULES if place(p).startswith(EXACT_PACKAGES)], ids=place
)
def test_money_code_is_integer_only(path: Path) -> None:
    assert not [f"line {line}: {what}" for line, what in inexact_numbers(parsed(path))]


@each_module
def test_outside_facts_come_in_by_their_one_door(path: Path) -> None:
    """Clock reads, the environment and chance: each has its home, everybody else is told."""
    names = list(qualified_names(parsed(path)))
    where = place(path)
    for pattern, allowed in (
        (CLOCK_READS, where == CLOCK),
        (ENVIRONMENT_READS, where == SETTINGS),
        (CHANCE, not where.startswith(REPLAYED)),
    ):
        strays = [f"line {line}: {name}" for line, name in names if pattern.fullmatch(name)]
        assert allowed or not strays


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in MODULES
        if (place(p).startswith("adapters/sim/") and p.name != "server.py")
        or (place(p).startswith("adapters/venues/") and p.name in {"protocol.py", "signing.py"})
    ],
    ids=place,
)
def test_simulators_and_protocols_do_no_io(path: Path) -> None:
    imports = [name for name in imported_names(parsed(path)) if SHELL_ONLY.fullmatch(name)]
    assert not imports


@pytest.mark.parametrize("path", [p for p in MODULES if place(p).startswith(BELOW_APP)], ids=place)
def test_only_app_catches_everything(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert not re.search(r"\b(everything|Exception|BaseException)\b", caught), (
                f"line {node.lineno}: catches {caught}"
            )


def test_only_the_guardian_makes_an_approval() -> None:
    makers = {
        place(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "TradeApproved"
    }
    assert makers <= {GUARDIAN}


# ---- tests and locks -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def names_in_tests() -> set[str]:
    return {name for path in TESTS.rglob("*.py") for name in imported_names(parsed(path))}


@each_module
def test_every_module_is_imported_by_a_test(path: Path, names_in_tests: set[str]) -> None:
    """The least one can ask: somewhere a test names it. What it then proves is for reviewers."""
    module = ".".join(("foreshock", *path.relative_to(SOURCE).with_suffix("").parts))
    mirror = TESTS / "unit" / path.relative_to(SOURCE).with_name(f"test_{path.name}")
    assert mirror.is_file() or module in names_in_tests, f"no test imports {module}"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_has_hashes_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf8")
    assert "://" not in text
    assert "--index-url" not in text
    pins = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert pins
    assert all(re.match(r"[a-z0-9.-]+==\S+ .*\\$", pin) for pin in pins), "a pin without a hash"


def test_lock_covers_what_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    text = (ROOT / "requirements-dev.lock").read_text(encoding="utf8")
    locked = {line.split("==")[0] for line in text.splitlines() if re.match(r"[a-z0-9]", line)}
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[>=;]", line)[0].lower().replace("_", "-") for line in declared}
    assert not names - locked, "run `make lock`"


def test_ui_lock_names_no_registry() -> None:
    lock = ROOT / "ui" / "package-lock.json"
    if not lock.is_file():
        pytest.skip("this tree has no ui/package-lock.json")
    packages = json.loads(lock.read_text(encoding="utf8"))["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]


# ---- reading the trees ---------------------------------------------------------------------


def inexact_numbers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and kind of each float literal, true division and use of the name `float`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, "float literal"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "true division"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "the name float"


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Every dotted name an import could mean: `from a.b import c` gives `a.b` and `a.b.c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def qualified_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything reached through an import, aliases undone."""
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".")[0]
                meaning[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module:
            meaning |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            head, *rest = ast.unparse(node).split(".")
            if head in meaning:
                yield node.lineno, ".".join([meaning[head], *rest])


# ---- the rules themselves bite -------------------------------------------------------------


@pytest.mark.parametrize("code", ["x = 0.5", "x = a / b", "x /= b", "def f(x: float): ..."])
def test_inexact_numbers_are_seen(code: str) -> None:
    assert list(inexact_numbers(ast.parse(code)))


@pytest.mark.parametrize("code", ["x = a // b", "x = 5", "x = 'a / b'  # 0.5"])
def test_exact_numbers_pass(code: str) -> None:
    assert not list(inexact_numbers(ast.parse(code)))


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("import time\ntime.time_ns()", CLOCK_READS),
        ("from time import monotonic as tick\ntick()", CLOCK_READS),
        ("from datetime import datetime\ndatetime.now()", CLOCK_READS),
        ("import datetime as dt\ndt.datetime.utcnow()", CLOCK_READS),
        ("import os\nos.environ.get('A')", ENVIRONMENT_READS),
        ("from os import getenv\ngetenv('A')", ENVIRONMENT_READS),
        ("import random\nrandom.random()", CHANCE),
        ("from uuid import uuid4\nuuid4()", CHANCE),
    ],
)
def test_ambient_reads_are_seen_through_aliases(code: str, pattern: re.Pattern[str]) -> None:
    assert any(pattern.fullmatch(name) for _, name in qualified_names(ast.parse(code)))


def test_a_seeded_generator_is_not_chance() -> None:
    names = [name for _, name in qualified_names(ast.parse("import random\nr = random.Random(7)"))]
    assert names
    assert not any(CHANCE.fullmatch(name) for name in names)
