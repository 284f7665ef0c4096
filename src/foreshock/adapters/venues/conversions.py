"""How does a split, merge or redemption reach its venue, and what became of it? Pure.

    ConvertSets -> turn -> sign -> ConversionPrepared (on record) -> SendConversion -> gate
        -> one write -> asked about, ever less often, until it is final

It leaves once and is never repeated: what answers nothing may have happened.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.conversion_path import ConversionPath, Made, Relayed
from foreshock.adapters.venues.jobs import About, Job, Jobs, Task, What
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.errors import ConfigError, DataError, OrderRejectedError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.conversions import (
    ConversionPrepared,
    ConversionRefused,
    ConversionTold,
    ConversionVerdict,
    ConversionWord,
    ConvertSets,
    SendConversion,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant

TRACE_WAIT = Duration(SECOND)
TRACE_WAIT_MAX = Duration(15 * SECOND)
WORDS_MAX = 300
LAST_WORDS: frozenset[ConversionVerdict] = frozenset({"confirmed", "failed", "rejected", "spent"})
"""After one of these there is nothing more to ask the venue's relayer."""
JudgeConversion = Callable[[ConvertSets, Instant], ConversionRefused | None]
"""The gate's last look, right before the write."""


class Deed:
    """One conversion on its way. told: what was last said of it.

    market: its terms, None of one that an earlier desk made and let leave.
    """

    def __init__(self, command: ConvertSets, market: Market | None) -> None:
        self.command = command
        self.market = market
        self.made: Made | None = None
        self.request: HttpRequest | None = None
        self.is_sent = False
        self.is_asking = False
        self.told: Relayed | None = None
        self.look_us: Instant | None = None
        self.wait = TRACE_WAIT

    @property
    def transaction_id(self) -> str | None:
        """The venue's name for it, None before it was told."""
        return None if self.told is None else self.told.transaction_id

    def ask_later(self, now_us: Instant) -> None:
        """Ask again after a while that doubles each time."""
        self.is_asking = False
        self.look_us = Instant(now_us + self.wait)
        self.wait = min(Duration(2 * self.wait), TRACE_WAIT_MAX)


def resumed(words: Iterable[ConversionWord]) -> Deed | None:
    """One that an earlier desk may have sent, by what is on record; None: there is nothing to ask.

    Its bytes are gone, so it is never sent again.
    """
    command = prepared = told = None
    is_sent = False
    for word in words:
        match word:
            case ConvertSets():
                command = word
            case ConversionPrepared():
                prepared = word
            case SendConversion():
                is_sent = True
            case ConversionTold():
                told = word
            case _:
                pass
    is_over = told is not None and told.verdict in LAST_WORDS
    if command is None or prepared is None or not is_sent or is_over:
        return None
    deed = Deed(command, None)
    gone = Unsigned(venue=venue_of(command.market), kind="settle", method="POST", path="")
    deed.made = Made(gone, prepared.turn, prepared.lapses_us)
    deed.is_sent = True
    if told is not None:
        deed.told = Relayed(
            verdict=told.verdict,
            words=told.words,
            transaction_id=told.transaction_id,
            tx_hash=told.tx_hash,
        )
    return deed


class Conversions:
    """The conversions of all venues that have any."""

    def __init__(
        self, paths: Mapping[str, ConversionPath], jobs: Jobs, judge: JudgeConversion
    ) -> None:
        self._paths = paths
        self._jobs = jobs
        self._judge = judge
        self._open: dict[str, Deed] = {}
        self._messages: list[Message] = []

    def take(self) -> list[Message]:
        """What was learnt since, oldest first; each is returned once."""
        messages, self._messages = self._messages, []
        return messages

    def next_us(self) -> Instant | None:
        """When to ask about one again; at once while there is something to say."""
        if self._messages:
            return Instant(0)
        looks = [deed.look_us for deed in self._open.values() if not deed.is_asking]
        return min((at_us for at_us in looks if at_us is not None), default=None)

    def resume(self, stories: Iterable[tuple[ConversionWord, ...]], now_us: Instant) -> None:
        """Ask what became of those that an earlier desk let leave; none is sent again."""
        for words in stories:
            deed = resumed(words)
            if deed is not None and venue_of(deed.command.market) in self._paths:
                deed.look_us = now_us
                self._open[deed.command.conversion_id] = deed

    def begin(self, command: ConvertSets, market: Market) -> None:
        """Ask for the turn; a conversion is begun once."""
        name = command.conversion_id
        path = self._paths.get(market.venue)
        if name in self._open:
            return
        if path is None:
            self._refuse(name, "NO_WALLET", f"{market.venue} has no wallet whose sets convert")
            return
        try:
            unsigned = path.turn()
        except ConfigError as error:
            self._refuse(name, "NO_WALLET", str(error))
            return
        self._open[name] = Deed(command, market)
        self._put(name, "turn", "call", unsigned)

    def release(self, name: str) -> None:
        """It is on record: let it leave, once."""
        deed = self._open.get(name)
        if deed is None or deed.made is None or deed.request is None or deed.is_sent:
            return
        self._put(name, "convert", "place", deed.made.request, deed.request)

    def signed(self, name: str, request: HttpRequest | None, words: str) -> None:
        """It was signed. request: None when the signer refused; words say why."""
        deed = self._open.get(name)
        if deed is None or deed.made is None:
            return
        if request is None:
            self._refuse(name, "NOT_SIGNED", words)
            return
        deed.request = request
        digest = hashlib.sha256(request.body).hexdigest()
        made = deed.made
        self._messages.append(ConversionPrepared(name, made.turn, digest, made.lapses_us))

    def let_go(self, job: Job, now_us: Instant) -> bool:
        """The last look before the write; a refused job is dropped."""
        deed = self._open.get(job.about.order_id)
        refused = None if deed is None else self._judge(deed.command, now_us)
        if deed is None or deed.is_sent or refused is not None:
            self._jobs.done(job.id)
            if refused is not None:
                self._refuse(job.about.order_id, refused.refusal.code, refused.refusal.words)
            return False
        deed.is_sent = True
        return True

    def answered(self, job: Job, answer: HttpResponse | None, now_us: Instant) -> None:
        """A request about a conversion was answered; None: there was no answer."""
        name = job.about.order_id
        deed = self._open.get(name)
        if deed is None:
            return
        path = self._paths[job.venue]
        if job.about.what == "turn":
            self._make(deed, path, answer, now_us)
        elif job.about.what == "convert":
            self._hear(name, deed, path.submitted(answer), now_us)
        elif deed.made is not None:
            found = path.traced(deed.made, deed.transaction_id, answer, now_us)
            self._hear(name, deed, found, now_us)

    def begin_looks(self, now_us: Instant) -> None:
        """Ask about what is due."""
        for name, deed in self._open.items():
            # No wait is longer: what seems further away was set before the clock was set back.
            is_early = deed.look_us is None or now_us < deed.look_us <= now_us + TRACE_WAIT_MAX
            if deed.is_asking or is_early:
                continue
            deed.is_asking = True
            path = self._paths[venue_of(deed.command.market)]
            self._put(name, "trace", "call", path.trace(deed.transaction_id))

    def _make(
        self, deed: Deed, path: ConversionPath, answer: HttpResponse | None, now_us: Instant
    ) -> None:
        name = deed.command.conversion_id
        if deed.market is None:
            return
        if answer is None:
            self._refuse(name, "NO_TURN", "the relayer did not say whose turn it is")
            return
        try:
            deed.made = path.made(deed.command, deed.market, answer, now_us)
        except DataError as error:
            self._refuse(name, "NO_TURN", str(error))
        except OrderRejectedError as error:
            self._refuse(name, "NOT_POSSIBLE", str(error))
        else:
            self._put(name, "convert", "sign", deed.made.request)

    def _hear(self, name: str, deed: Deed, found: Relayed, now_us: Instant) -> None:
        """Say what is new, and ask again unless it was the last word."""
        if found.verdict == "unknown" and deed.told is not None and deed.transaction_id is not None:
            found = deed.told  # an error beside its name takes nothing back
        if not _says_the_same(found, deed.told):
            self._messages.append(
                ConversionTold(
                    conversion_id=name,
                    verdict=found.verdict,
                    words=found.words[:WORDS_MAX],
                    transaction_id=found.transaction_id,
                    tx_hash=found.tx_hash,
                )
            )
            deed.told = found
        if found.verdict in LAST_WORDS:
            del self._open[name]
        else:
            deed.ask_later(now_us)

    def _refuse(self, name: str, code: str, words: str) -> None:
        self._open.pop(name, None)
        self._messages.append(ConversionRefused(name, Refusal(code, words[:WORDS_MAX])))

    def _put(
        self,
        name: str,
        what: What,
        task: Task,
        unsigned: Unsigned,
        request: HttpRequest | None = None,
    ) -> None:
        venue = venue_of(self._open[name].command.market)
        about = About(what=what, order_id=name)
        self._jobs.put(
            Job(
                venue=venue,
                lane="enter",
                task=task,
                unsigned=unsigned,
                about=about,
                request=request,
            )
        )


def _says_the_same(found: Relayed, told: Relayed | None) -> bool:
    if told is None:
        return False
    return (found.verdict, found.transaction_id, found.tx_hash) == (
        told.verdict,
        told.transaction_id,
        told.tx_hash,
    )
