"""P1, P5: how fast do bytes become edges, and how many updates does the whole desk sustain?"""

import sys
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import nautilus
from benchmarks.bot import Bot
from benchmarks.desk import LivePath, WholeDesk, shipped_config
from benchmarks.rounds import Cost, Prepared, interleaved, ratio, summed_up, verdict
from benchmarks.stream import Stream
from foreshock.app import collector

DRAIN = 64
"""Frames folded before a drain where frames queue up."""
DESK_DRAIN = 256
PATH_BAR, NAUTILUS_BAR, DESK_BAR, UPDATES_BAR = 4.0, 5.0, 2.0, 50_000
UPDATES = frozenset({"price_change", "delta", "book"})
BOT, PATH, CONFLATED, DESK = "json+dict bot", "live path", f"live path, drain {DRAIN}", "whole desk"
HEADING = "P1  bytes -> book -> edge, CPU per frame"


def bot_round(stream: Stream) -> Prepared:
    """The bot, which looks at the pair of every frame that changes a book."""
    bot = Bot(stream)
    for arrival in stream.opening:
        bot.on_frame(arrival)

    def work() -> None:
        for arrival in stream.frames:
            if bot.on_frame(arrival):
                bot.check(arrival.pair)

    return work


def path_round(stream: Stream, drain: int) -> Prepared:
    """Protocols, drain and scanner."""
    path = LivePath(stream, shipped_config("watch"))
    frames = stream.frames
    batches = [frames[start : start + drain] for start in range(0, len(frames), drain)]
    collector.settle()

    def work() -> None:
        for batch in batches:
            path.take(batch)

    return work


def desk_round(stream: Stream, folder: Path) -> Prepared:
    """Everything: agents, gate, paper venue, read model, tape and journal with their fsyncs."""
    desk = WholeDesk(stream, folder)
    frames = stream.frames
    batches = [frames[start : start + DESK_DRAIN] for start in range(0, len(frames), DESK_DRAIN)]
    collector.settle()

    def work() -> None:
        for batch in batches:
            desk.take(batch)
        desk.close()

    return work


def report(stream: Stream, rounds: int) -> None:
    """Print P1 and P5."""
    with TemporaryDirectory(prefix="foreshock-bench-") as folder:
        costs = _costs(stream, rounds, Path(folder))
        against = nautilus.compared(stream, rounds, Path(folder))
    _print_paths(stream, costs)
    _print_nautilus(against)
    _print_updates(stream, costs[DESK])


def _costs(stream: Stream, rounds: int, folder: Path) -> dict[str, list[Cost]]:
    runs = iter(range(1_000_000))
    variants = {
        BOT: partial(bot_round, stream),
        PATH: partial(path_round, stream, 1),
        CONFLATED: partial(path_round, stream, DRAIN),
        DESK: lambda: desk_round(stream, folder / str(next(runs))),
    }
    return interleaved(variants, rounds)


def _print_paths(stream: Stream, costs: dict[str, list[Cost]]) -> None:
    print(HEADING)
    for name, found in costs.items():
        print(f"    {name:<28}{summed_up(found, len(stream.frames))}")
    bars = ((PATH, PATH_BAR), (CONFLATED, PATH_BAR), (DESK, DESK_BAR))
    for name, bar in bars:
        reached = ratio(costs[name], costs[BOT])
        words = f"{name} / {BOT}"
        print(f"    {words:<44}{reached:6.2f}x   bar {bar:g}x   {verdict(reached, bar)}")


def _print_nautilus(against: nautilus.Compared | str) -> None:
    if isinstance(against, str):
        print(f"    {nautilus.NAME}: not present ({against})")
        return
    ours, theirs, frames_count, version = against
    print(f"    Polymarket's frames only: {PATH}{summed_up(ours, frames_count)}")
    print(f"    {nautilus.NAME} ({version}), no edge{summed_up(theirs, frames_count)}")
    reached = ratio(ours, theirs)
    words = f"{PATH} / {nautilus.NAME}"
    judged = verdict(reached, NAUTILUS_BAR)
    print(f"    {words:<44}{reached:6.2f}x   bar {NAUTILUS_BAR:g}x   {judged}")


def _print_updates(stream: Stream, costs: list[Cost]) -> None:
    updates = sum(kind in UPDATES for kind in stream.kinds)
    by_wall = median(updates / cost.wall_s for cost in costs)
    by_cpu = median(updates / cost.cpu_s for cost in costs)
    print(f"P5  whole desk, one fsync of tape and journal every {DESK_DRAIN} frames")
    print(f"    {by_cpu:9,.0f} book updates per CPU-second")
    print(
        f"    {by_wall:9,.0f} book updates per second with the disk"
        f"   bar {UPDATES_BAR:,}   {verdict(by_wall, UPDATES_BAR)}"
    )
    sys.stdout.flush()
