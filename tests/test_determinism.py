"""Can the simulation repeat itself? No ambient time, chance, thread or order in what it runs.

What a seed runs must follow from the seed: the core, the venues' protocols, the simulated world,
the journal and the simulation itself. A line that cannot do without says why: `# sim-ok: reason`.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_tidy import MODULES, SOURCE, parsed, place, qualified_names

JUDGED = ("core/", "adapters/venues/", "adapters/sim/", "adapters/storage/", "app/simulation/")
OUTSIDE = {
    "adapters/sim/server.py",  # serves the world over real sockets
    "adapters/storage/projections.py",  # SQL is rebuilt from the journal, never read by the desk
    "adapters/storage/schema.py",
    "app/simulation/campaign.py",  # runs workers, each of which repeats itself
}
THREADED: frozenset[str] = frozenset()
"""Modules that may import threads. The simulation loads none of them."""

AMBIENT = re.compile(
    r"time\.(?!struct_time)\w+|datetime\.(datetime|date)\.(now|utcnow|today)"
    r"|random\.(?!Random$)\w+|uuid\.uuid[14]|secrets\.\w+|os\.(urandom|getrandom|getpid)"
    r"|asyncio\.(sleep|to_thread)|asyncio\.\w+\.run_in_executor"
)
THREADS = re.compile(r"(threading|concurrent|multiprocessing|queue|_thread)(\..*)?")
SLEEPERS = {"app/simulation/"}
"""There the loop is virtual: sleeping is how time passes."""
ORDERED_BY = {"list", "tuple", "enumerate", "iter", "next", "zip", "map", "filter", "reversed"}
JOINING = {"join", "fromkeys", "extend", "writelines"}
EXEMPT = re.compile(r"#\s*sim-ok:\s*\S+.{8,}")

judged = pytest.mark.parametrize(
    "path",
    [p for p in MODULES if place(p).startswith(JUDGED) and place(p) not in OUTSIDE],
    ids=place,
)


@judged
def test_nothing_ambient_decides(path: Path) -> None:
    may_sleep = any(place(path).startswith(folder) for folder in SLEEPERS)
    found = [
        (line, name)
        for line, name in qualified_names(parsed(path))
        if AMBIENT.fullmatch(name) and not (may_sleep and name == "asyncio.sleep")
    ]
    assert not list(unexcused(path, [*found, *unseeded(parsed(path))]))


@judged
def test_no_order_comes_from_a_set(path: Path) -> None:
    assert not list(unexcused(path, iterated_sets(parsed(path))))


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_threads_are_named(path: Path) -> None:
    imported = {name for _, name in qualified_names(parsed(path))}
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    strays = [name for name in imported if THREADS.fullmatch(name)]
    assert place(path) in THREADED or not strays


def test_the_simulation_loads_no_threaded_module_and_no_server() -> None:
    code = "import sys, foreshock.app.simulation.work; print(*sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(said.stdout.split())
    banned = {f"foreshock.{name.removesuffix('.py').replace('/', '.')}" for name in THREADED}
    assert not loaded & (banned | {"uvicorn", "foreshock.adapters.sim.server", "fastapi"})


# ---- reading -----------------------------------------------------------------------------------


def unexcused(
    path: Path, found: list[tuple[int, str]] | Iterator[tuple[int, str]]
) -> Iterator[str]:
    lines = path.read_text(encoding="utf8").splitlines()
    for line, what in found:
        if not EXEMPT.search(lines[line - 1]):
            yield f"{path.relative_to(SOURCE)}:{line}: {what}"


def unseeded(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A generator made of nothing seeds itself from the machine."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node.args or node.keywords:
            continue
        if ast.unparse(node.func).endswith("Random"):
            yield node.lineno, "Random() without a seed"


def iterated_sets(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every place where the order of a set could be seen."""
    for node in ast.walk(tree):
        for expression in _looped_over(node):
            if is_set(expression):
                yield expression.lineno, f"iterates over {ast.unparse(expression)}"


def _looped_over(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions whose elements a node takes one after the other."""
    match node:
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
            yield iterated
        case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
            yield from (part.iter for part in node.generators)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from _unpacked(elements)
        case ast.Call(args=arguments):
            yield from arguments if _keeps_order(node.func) else _unpacked(arguments)
        case ast.YieldFrom(value=value):
            yield value
        case _:
            pass


def _keeps_order(called: ast.expr) -> bool:
    """Whether a call shows the order of what it is given."""
    match called:
        case ast.Name(id=name):
            return name in ORDERED_BY
        case ast.Attribute(attr=name):
            return name in JOINING
        case _:
            return False


def _unpacked(elements: list[ast.expr]) -> Iterator[ast.expr]:
    return (part.value for part in elements if isinstance(part, ast.Starred))


def is_set(expression: ast.expr) -> bool:
    match expression:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.BinOp(left=left, right=right):
            return is_set(left) or is_set(right)
        case ast.IfExp(body=body, orelse=other):
            return is_set(body) or is_set(other)
        case _:
            return False


# ---- the rules themselves bite -----------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "for x in {1, 2}: pass",
        "for x in set(y): pass",
        "[x for x in {z for z in y}]",
        "{x: 1 for x in frozenset(y) | other}",
        "list({1, 2})",
        "[*{1, 2}]",
        "f(*set(y))",
        "','.join({a, b})",
        "dict.fromkeys(set(y))",
        "next(iter({a} - b))",
    ],
)
def test_the_order_of_a_set_is_seen(code: str) -> None:
    assert list(iterated_sets(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    ["sorted({1, 2})", "x in {1, 2}", "len(set(y))", "for x in [1]: pass", "{x for x in {1}}"],
)
def test_a_set_without_order_passes(code: str) -> None:
    assert not list(iterated_sets(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1)",
        "import time as t\nt.monotonic()",
        "from datetime import datetime\ndatetime.now()",
        "import random\nrandom.shuffle(x)",
        "import uuid\nuuid.uuid4()",
        "import asyncio\nasyncio.to_thread(f)",
        "from secrets import token_hex\ntoken_hex()",
        "import os\nos.urandom(8)",
    ],
)
def test_ambient_things_are_seen(code: str) -> None:
    assert any(AMBIENT.fullmatch(name) for _, name in qualified_names(ast.parse(code)))


def test_a_generator_without_a_seed_is_seen() -> None:
    assert list(unseeded(ast.parse("import random\nrandom.Random()")))
    assert not list(unseeded(ast.parse("import random\nrandom.Random(7)")))


def test_an_exemption_needs_a_reason() -> None:
    bare, excused = "list({1})  # sim-ok:\n", "list({1})  # sim-ok: one element has one order\n"
    assert not EXEMPT.search(bare)
    assert EXEMPT.search(excused)
