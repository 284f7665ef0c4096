"""P13: what does it cost to find the contracts worth comparing, and are the twins among them?

Runs in a process of its own, so that the peak of its memory is its own:
`python -m benchmarks.candidates`.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

import msgspec

from benchmarks import graph
from benchmarks.catalogues import Catalogues, make_catalogues
from benchmarks.labelled import labelled
from benchmarks.rounds import percentile
from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.candidates import CandidateIndex, block
from foreshock.core.matching.index_shard import Candidate

SEED = 7
A_COUNT, B_COUNT, RELATIONS_COUNT = 35_000, 85_000, 20_000
PER_MARKET_MAX = 40
DEPTHS = (1, 5, 10, 20, PER_MARKET_MAX)
LISTED_ONE_BY_ONE = 1_000
CPU_S_MAX, MEMORY_MIB_MAX, LISTED_MS_MAX = 60.0, 2_048.0, 10.0


def report(*options: str) -> None:
    """Print P13 as measured in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.candidates", *options]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    print(done.stdout, end="")


def main() -> None:
    """Both catalogues at once, then one listing at a time, then what people labelled."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.candidates", description=__doc__)
    parser.add_argument("a", type=int, nargs="?", default=A_COUNT)
    parser.add_argument("b", type=int, nargs="?", default=B_COUNT)
    parser.add_argument("--relations", type=int, default=RELATIONS_COUNT)
    parser.add_argument("--no-labelled", action="store_true")
    given = parser.parse_args()
    made = make_catalogues(SEED, given.a, given.b)
    print(f"P13 {len(made.a):,} x {len(made.b):,} contracts, {len(made.twins):,} planted twins")
    _bulk(made)
    _one_by_one(made)
    if not given.no_labelled:
        _labelled()
    graph.report(given.relations, SEED)


def _bulk(made: Catalogues) -> None:
    began_s = time.process_time()
    found = block(made.a, made.b, PER_MARKET_MAX)
    took_s = time.process_time() - began_s
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _judged("both catalogues blocked", took_s, "CPU-s", CPU_S_MAX)
    _judged("peak memory, catalogues included", peak_mib, "MiB", MEMORY_MIB_MAX)
    _recall("planted twins", _ranks(made.twins, found))
    for family in sorted(set(made.family_of.values())):
        twins = {a: b for a, b in made.twins.items() if made.family_of[a] == family}
        _recall(f"  {family}", _ranks(twins, found))


def _one_by_one(made: Catalogues) -> None:
    """A full index, then one contract after the other is listed anew and asked about."""
    index = CandidateIndex()
    for contract in (*made.a, *made.b):
        index.add(contract)
    took_ms: list[float] = []
    for contract in made.a[:LISTED_ONE_BY_ONE]:
        new = msgspec.structs.replace(contract, id=MarketId(f"{contract.id} again"))
        began_s = time.perf_counter()
        index.add(new)
        index.candidates(new, PER_MARKET_MAX)
        index.remove(new.id)
        took_ms.append((time.perf_counter() - began_s) * 1e3)
    half, most = percentile(took_ms, 0.5), percentile(took_ms, 0.99)
    _judged("one listed, asked about, delisted: p50", half, "ms", LISTED_MS_MAX)
    _judged("the same, p99", most, "ms", LISTED_MS_MAX)


def _labelled() -> None:
    """What people labelled the same, the inverse or nearly the same, from either side."""
    known = labelled()
    if known is None:
        print("    labelled pairs                     absent: ../shared/data")
        return
    for is_forward, name in ((True, "labelled pairs, asked from a"), (False, "the same, from b")):
        ways = [(a, b) if is_forward else (b, a) for a, b, _ in known.targets]
        ranks: list[int] = []
        for venues in sorted({(one.venue, other.venue) for one, other in ways}):
            asked = [way for way in ways if (way[0].venue, way[1].venue) == venues]
            found = block([one for one, _ in asked], known.listed[venues[1]], PER_MARKET_MAX)
            ranks += [_rank(found[one.id], other.id) for one, other in asked]
        _recall(name, ranks)


def _ranks(
    twins: Mapping[MarketId, MarketId], found: Mapping[MarketId, Sequence[Candidate]]
) -> list[int]:
    return [_rank(found[a], b) for a, b in twins.items()]


def _rank(found: Sequence[Candidate], wanted: MarketId) -> int:
    """Place from 1, one past the deepest when it is not among them."""
    places = [place for place, candidate in enumerate(found, start=1) if candidate.id == wanted]
    return places[0] if places else PER_MARKET_MAX + 1


def _recall(what: str, ranks: Sequence[int]) -> None:
    shares = "  ".join(
        f"@{depth} {sum(rank <= depth for rank in ranks) / max(1, len(ranks)):.3f}"
        for depth in DEPTHS
    )
    print(f"    {what:<34} {len(ranks):>6,}   {shares}")


def _judged(what: str, value: float, unit: str, bar: float) -> None:
    met = "met" if value <= bar else "MISSED"
    print(f"    {what:<39} {value:>8.1f} {unit}   bar {bar:,.0f} {unit}   {met}")


if __name__ == "__main__":
    main()
