"""Does a language model see a difference that the rules do not? It may veto; it never accepts.

Asks once for each pair and its terms, in the order found, within a number of questions under way
and a spend a day. Without an answer the pair stays "unreviewed" and the rules decide alone.
"""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed, PairAdvised
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.matching import PairDecided, PairRelated
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import NOTHING, SECOND, Duration, Instant, Money
from foreshock.core.matching.contract import contract_of
from foreshock.core.matching.second_reading import INSTRUCTIONS, judged, material, read

TIMER = "second-reader"
DAY = 86_400 * SECOND
READ_RELATIONS = ("identity", "complement")


class SecondReaderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What second readings may cost. Prices in micro-dollars for a million tokens, dearest model.

    spend_per_day_max: over a UTC day, questions under way counted at their most.
    chars_per_token_min: a token is at least so many characters of material.
    """

    spend_per_day_max: Money
    input_price: Money
    output_price: Money
    output_tokens_max: int = 2_000
    chars_per_token_min: int = 1
    under_way_max: int = 4
    waiting_max: int = 10_000
    retry_after: Duration = Duration(600 * SECOND)
    attempts_max: int = 3


class SecondReader:
    """Has every accepted or doubtful pair read once more."""

    name = "second-reader"
    hears = frozenset({
        MarketListed,
        PairDecided,
        PairRelated,
        ModelAnswered,
        ModelFailed,
        TimerFired,
    })

    def __init__(self, settings: SecondReaderSettings) -> None:
        self._settings = settings
        self._markets: dict[MarketId, Market] = {}
        self._decided: set[str] = set()
        self._waiting: dict[str, PairRelated] = {}
        self._asked: dict[str, PairRelated] = {}
        self._reserved: dict[str, Money] = {}
        self._attempts: dict[str, int] = {}
        self._settled: set[str] = set()
        self._told: set[str] = set()
        self._day: int = 0
        self._spent = NOTHING
        self._is_awake = False

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        match message:
            case MarketListed(market=market):
                self._markets[market.id] = market
            case PairDecided(pair_id=pair_id):
                self._decided.add(pair_id)
                self._waiting.pop(pair_id, None)
            case PairRelated():
                return self._consider(message, now_us)
            case ModelAnswered():
                return self._hear(message, now_us)
            case ModelFailed():
                return self._fail(message, now_us)
            case TimerFired(timer_id=timer_id) if timer_id == TIMER:
                self._is_awake = False
                return self._ask(now_us)
            case _:
                pass
        return ()

    def _consider(self, related: PairRelated, now_us: Instant) -> Iterable[Message]:
        """Only what might trade is worth a question; a person's word needs no second reader."""
        found = related.comparison
        is_worth = found.relation in READ_RELATIONS and found.decision != "reject"
        if not is_worth or related.pair_id in self._decided:
            self._waiting.pop(related.pair_id, None)
            return ()
        ask_id = _ask_id(related)
        is_known = ask_id in self._asked or ask_id in self._settled
        if is_known or len(self._waiting) >= self._settings.waiting_max:
            return ()
        self._waiting[related.pair_id] = related
        return self._ask(now_us)

    def _ask(self, now_us: Instant) -> list[Message]:
        """Ask as much as the bounds allow; what must wait is looked at again by a timer."""
        self._turn_day(now_us)
        said: list[Message] = []
        while self._waiting and len(self._reserved) < self._settings.under_way_max:
            pair_id = next(iter(self._waiting))
            related = self._waiting[pair_id]
            question = self._question(related)
            under_way = sum(self._reserved.values())
            if self._spent + under_way + question.cost_max > self._settings.spend_per_day_max:
                said += self._unreviewed("the day's spend on second readings is used up")
                break
            del self._waiting[pair_id]
            self._asked[question.ask_id] = related
            self._reserved[question.ask_id] = question.cost_max
            self._attempts[question.ask_id] = self._attempts.get(question.ask_id, 0) + 1
            said.append(question)
        if self._waiting and not self._is_awake:
            self._is_awake = True
            said.append(SetTimer(TIMER, self._settings.retry_after))
        return said

    def _unreviewed(self, reason: str) -> list[Message]:
        """Tell, once each, that the rules decide alone on whatever still waits."""
        news = [r for r in self._waiting.values() if _ask_id(r) not in self._told]
        self._told |= {_ask_id(related) for related in news}
        return [_no_advice(related, reason, NOTHING) for related in news]

    def _question(self, related: PairRelated) -> AskModel:
        found, settings = related.comparison, self._settings
        text = material(contract_of(self._markets[found.a]), contract_of(self._markets[found.b]))
        input_tokens = -(-(len(INSTRUCTIONS) + len(text)) // settings.chars_per_token_min)
        micros = input_tokens * settings.input_price
        micros += settings.output_tokens_max * settings.output_price
        return AskModel(
            ask_id=_ask_id(related),
            purpose="second-reading",
            instructions=INSTRUCTIONS,
            material=text,
            output_tokens_max=settings.output_tokens_max,
            cost_max=Money(-(-micros // 1_000_000)),
        )

    def _hear(self, answered: ModelAnswered, now_us: Instant) -> Iterable[Message]:
        related = self._take(answered.ask_id, answered.cost, now_us)
        if related is None:
            return ()
        self._attempts.pop(answered.ask_id, None)
        self._settled.add(answered.ask_id)
        reading = read(answered.text)
        relation = related.comparison.relation
        advised = PairAdvised(
            pair_id=related.pair_id,
            terms=related.terms,
            advice=judged(reading, relation),
            relation=None if reading is None else reading.relation,
            differences=() if reading is None else tuple(reading.differences),
            words="the answer is not in the asked-for shape" if reading is None else reading.words,
            model=answered.model,
            cost=answered.cost,
        )
        return [advised, *self._ask(now_us)]

    def _fail(self, failed: ModelFailed, now_us: Instant) -> Iterable[Message]:
        """Told at once as unreviewed, asked again later a bounded number of times."""
        related = self._take(failed.ask_id, failed.cost, now_us)
        if related is None:
            return ()
        if self._attempts[failed.ask_id] >= self._settings.attempts_max:
            self._attempts.pop(failed.ask_id)
            self._settled.add(failed.ask_id)
            return self._ask(now_us)
        said: list[Message] = []
        if failed.ask_id not in self._told:
            self._told.add(failed.ask_id)
            said.append(_no_advice(related, failed.reason, failed.cost))
        self._waiting.setdefault(related.pair_id, related)
        if not self._is_awake:
            self._is_awake = True
            said.append(SetTimer(TIMER, self._settings.retry_after))
        return said

    def _take(self, ask_id: str, cost: Money, now_us: Instant) -> PairRelated | None:
        """What a question was about; its cost counts even when nobody waits for it any more."""
        self._turn_day(now_us)
        self._spent = Money(self._spent + cost)
        self._reserved.pop(ask_id, None)
        return self._asked.pop(ask_id, None)

    def _turn_day(self, now_us: Instant) -> None:
        day = now_us // DAY
        if day != self._day:
            self._day, self._spent = day, NOTHING


def _no_advice(related: PairRelated, reason: str, cost: Money) -> PairAdvised:
    return PairAdvised(
        pair_id=related.pair_id,
        terms=related.terms,
        advice="unreviewed",
        relation=None,
        differences=(),
        words=reason,
        model="",
        cost=cost,
    )


def _ask_id(related: PairRelated) -> str:
    """The same terms and finding are the same question."""
    found = related.comparison.relation
    return f"{related.pair_id}/{related.terms.a}/{related.terms.b}/{found}"
