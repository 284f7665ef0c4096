"""What does `docs/reliability.md` say? Written from a run's report, the mutants and the test names."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from foreshock.app.simulation.campaign import Summary
from foreshock.app.simulation.checkers.every import INVARIANTS
from foreshock.app.simulation.checkers.reached import NOT_BUILT as STATES_NOT_BUILT
from foreshock.app.simulation.checkers.reached import SOMETIMES
from foreshock.core.domain.units import MICRO
from tests.mutants.hunt import Hunted, Mutant
from tests.mutants.list import MUTANTS
from tests.reliability.rows import IN_PART, NOT_BUILT, ROWS, proofs_by_row

RUN_BEGINS = "## The run"
"""Everything from here to the next heading changes with each run; the rest with the tests alone."""
HEAD = """# Reliability

Written by `make reliability`: nothing here is typed by hand. A desk with its agents, gateway,
signers, venue protocols, journal and recovery runs against simulated venues on virtual time, while
faults are drawn from a seed. After every event the checkers below compare what happened on the
wire, on the disk and in the exchanges' own books with what the desk says.

A failing seed prints one command that shows it again: `foreshock sim --seed N --trace`."""


def read_summary(report: bytes) -> Summary:
    """What `foreshock sim --report` wrote."""

    def counted(_: type, found: dict[str, int]) -> Counter[str]:
        return Counter(found)

    return msgspec.json.decode(report, type=Summary, dec_hook=counted)


def document(summary: Summary, hunted: Sequence[Hunted]) -> str:
    """The whole page."""
    parts = (_head(), _run(summary), _invariants(), _mutants(hunted), _matrix(), _limits())
    return "\n".join(line for part in parts for line in (*part, "")).rstrip() + "\n"


def lasting(text: str) -> str:
    """The page without the numbers of a run."""
    before, _, rest = text.partition(RUN_BEGINS)
    _, heading, after = rest.partition("\n## ")
    return before + heading + after


def mutant_row(mutant: Mutant) -> str:
    """What is always so of a mutant: its name and its mistake."""
    return f"| {mutant.name} | {mutant.words} |"


def _head() -> Iterator[str]:
    yield HEAD


def _run(summary: Summary) -> Iterator[str]:
    cpu_s = max(1, summary.cpu_us) / MICRO
    yield RUN_BEGINS
    yield ""
    yield f"- build `{summary.build}`, {summary.seeds_count:,} seeds"
    yield f"- {summary.simulated_s:,.0f} simulated seconds, {summary.events_count:,} events"
    yield (
        f"- {summary.simulated_s / cpu_s:,.0f} simulated seconds and"
        f" {summary.events_count / cpu_s:,.0f} events a CPU-second"
    )
    yield f"- seeds that violated an invariant or ended in an error: {len(summary.failed)}"
    yield f"- seeds that differed under another hash seed: {len(summary.differed)}"
    yield ""
    yield "| fault | times |"
    yield "|---|---:|"
    for kind, count in sorted(summary.faults.items()):
        yield f"| {kind} | {count:,} |"
    yield ""
    yield "| rare state | times |"
    yield "|---|---:|"
    for state in SOMETIMES:
        yield f"| {state} | {summary.reached[state]:,} |"
    for failed in summary.failed:
        words = "; ".join(f"{v.invariant} {v.words}" for v in failed.violations[:1])
        yield ""
        yield f"Failed: seed {failed.seed} ({failed.mix}): {words or failed.failures[0]}"


def _invariants() -> Iterator[str]:
    yield "## Invariants"
    yield ""
    yield "| | what must hold after every event |"
    yield "|---|---|"
    for name, words in INVARIANTS.items():
        yield f"| {name} | {words} |"


def _mutants(hunted: Sequence[Hunted]) -> Iterator[str]:
    """The catch is required by the suite; which seed caught it is of no interest here."""
    killed = sum(bool(one.by) for one in hunted)
    yield "## Wrong desks"
    yield ""
    yield f"{killed} of {len(MUTANTS)} caught; the suite requires all of them."
    yield ""
    yield "| mutant | what it does wrong |"
    yield "|---|---|"
    for mutant in MUTANTS:
        yield mutant_row(mutant)


def _matrix() -> Iterator[str]:
    found = proofs_by_row()
    proven = sum(bool(tests) for tests in found.values())
    yield "## The fault matrix"
    yield ""
    yield (
        f"{len(ROWS)} rows: {proven} proven by tests that bear their names,"
        f" {len(NOT_BUILT)} not built."
    )
    yield ""
    yield "| row | fault | proven by |"
    yield "|---|---|---|"
    for row, fault in ROWS.items():
        yield f"| {row} | {fault} | {_proof(row, found[row])} |"


def _proof(row: str, tests: Sequence[str]) -> str:
    if not tests:
        return f"not built: {NOT_BUILT[row]}"
    names = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests)
    return f"{names}<br>{IN_PART[row]}" if row in IN_PART else names


def _limits() -> Iterator[str]:
    yield "## What this does not show"
    yield ""
    yield "- The simulated venues are ours: they follow the venues' documents and recordings."
    yield "- Rates of faults are drawn, not measured: nothing here estimates a live loss."
    for state, words in STATES_NOT_BUILT.items():
        yield f"- Not built, so not proven: {state} ({words})."
