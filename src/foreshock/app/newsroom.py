"""How do news reach a run, and what stays of them? The sources, and the record across restarts."""

from collections.abc import Callable, Sequence

from foreshock.app.news import NewsLink, NewsService
from foreshock.app.news_store import NewsStore
from foreshock.app.worker import Listener
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.messages.union import Message
from foreshock.core.ports import Folder


class Newsroom:
    """One run's news."""

    def __init__(
        self,
        links: Sequence[NewsLink],
        calendar: Sequence[NewsSeen],
        home: Folder,
        *,
        is_simulated: bool,
    ) -> None:
        self._links = links
        self._calendar = calendar
        self._store = NewsStore(home, is_simulated=is_simulated)
        self._put: Callable[[Message], None] | None = None

    @property
    def listen(self) -> Listener:
        """Who keeps the record."""
        return self._store.listen

    def begin(self, put: Callable[[Message], None], say: Callable[[str], None]) -> None:
        """Tell what earlier runs left. Raises ConfigError when that cannot be read."""
        self._put = put
        for remembered in self._store.carried(say):
            put(remembered)

    async def run(self) -> None:
        """Ask the sources until cancelled; `begin` comes first."""
        if self._put is not None:
            await NewsService(self._links, self._calendar, self._put).run()
