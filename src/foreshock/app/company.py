"""Who keeps a person's desk company? Notices to the outside, news, the watch list, the broom.

None of them is needed to trade or to record; a simulated run has none of them.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from foreshock.adapters.notify.guarded import GuardedSender
from foreshock.adapters.storage.alert_log import AlertLog
from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.desk_run import Background, Plan
from foreshock.app.loop import Desk
from foreshock.app.newsroom import Newsroom
from foreshock.app.notifiers import Channels, Notifiers
from foreshock.app.notify_settings import addresses
from foreshock.app.retention import Broom, retention_rules
from foreshock.app.watch_list import WatchList, WatchListFile, streams_of
from foreshock.app.worker import Listener

LOGS_NAME = "logs"
Say = Callable[[str], None]


class Company(msgspec.Struct, frozen=True):
    """The parts. names: of the settings, to be watched as if a person had asked for them."""

    notifiers: Notifiers
    watch_file: WatchListFile
    watch_list: WatchList
    broom: Broom
    newsroom: Newsroom
    names: tuple[str, ...]
    say: Say

    def listeners(self) -> list[Listener]:
        """Those who hear what the desk says."""
        return [self.notifiers.listen, self.watch_list.listen, self.newsroom.listen]

    def join(self, desk: Desk) -> None:
        """Tell the desk what earlier runs left, and take what it has to tell."""
        self.notifiers.restore(desk.inbox.put, self.say)
        desk.notify(self.notifiers.release)
        self.newsroom.begin(desk.inbox.put, self.say)
        for change in self.watch_file.carried(self.names):
            desk.inbox.put(change)

    def runs(self, desk: Desk) -> list[Background]:
        """What runs beside the desk until it ends."""
        return [
            self.notifiers.run,
            self.newsroom.run,
            partial(self.watch_list.run, desk),
            partial(self.broom.run, desk.inbox.put),
        ]


def open_company(plan: Plan, home: Path, run: str, say: Say) -> Company:
    """The company of a run. Raises ConfigError for a wrong webhook."""
    is_simulated = plan.config.mode == "demo"
    channels = Channels(
        AlertLog(home / LOGS_NAME), addresses(plan.settings.alerts), GuardedSender(), say
    )
    folder = DiskFolder(home)
    watch_file = WatchListFile(folder, is_simulated=is_simulated)
    named = () if is_simulated else plan.settings.start.kalshi_markets.split(",")
    return Company(
        notifiers=Notifiers(folder, channels, is_simulated=is_simulated),
        watch_file=watch_file,
        watch_list=WatchList(watch_file, plan.links, streams_of(plan.settings.watch, say)),
        broom=Broom(home, run, retention_rules(plan.settings.retention)),
        newsroom=Newsroom(plan.news, plan.calendar, folder, is_simulated=is_simulated),
        names=tuple(name.strip().upper() for name in named if name.strip()),
        say=say,
    )
