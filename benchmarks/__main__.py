"""Which ratios does this tree reach here? `make bench`; see docs/reference/performance.md."""

import argparse
import sys
import time

from benchmarks import candidates, lead_lag, live, pauses, startup, volume
from benchmarks.agreement import disagreements
from benchmarks.rounds import TIE
from benchmarks.stream import Stream, make_stream

SEED = 7


def main() -> None:
    """Print everything; fails only when the folds disagree, never for being slow."""
    given = _arguments()
    began_s = time.perf_counter()
    stream = make_stream(SEED, given.pairs, given.frames)
    print(_composition(stream))
    differing = disagreements(stream)
    if differing:
        sys.exit(
            f"error: the desk's books and the bot's differ in {len(differing)}: {differing[0]}"
        )
    print(f"    our books equal the bot's in all {2 * len(stream.pairs):,} markets at the end")
    print(f"    shared machine: take gaps under {TIE}x for ties\n")
    live.report(stream, given.rounds)
    print()
    pauses.report(make_stream(SEED, given.pairs, given.pause_frames), given.markets)
    print()
    candidates.report(*given.candidates.split())
    print()
    lead_lag.report(given.pairs, lead_lag.BARS_COUNT)
    print()
    if not given.no_volume:
        volume.report()
        print()
    if not given.no_startup:
        startup.report()
    print(f"\n{time.perf_counter() - began_s:.0f} s in all")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--frames", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--markets", type=int, default=10_000)
    parser.add_argument("--pause-frames", type=int, default=100_000)
    parser.add_argument("--candidates", default="", help="options of benchmarks.candidates")
    parser.add_argument("--no-startup", action="store_true")
    parser.add_argument("--no-volume", action="store_true")
    return parser.parse_args()


def _composition(stream: Stream) -> str:
    frames = len(stream.frames)
    mean = sum(len(arrival.payload) for arrival in stream.frames) / frames
    shares = ", ".join(
        f"{kind} {stream.kinds.count(kind) / frames:.1%}" for kind in sorted(set(stream.kinds))
    )
    return (
        f"stream: {frames:,} frames, {len(stream.pairs):,} pairs, {mean:.0f} B on average, "
        f"{stream.touches / frames:.1%} change a touch\n    {shares}"
    )


if __name__ == "__main__":
    main()
