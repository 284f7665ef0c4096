"""Which messages exist? One closed union: the journal's schema and every `match` derive from it."""

from typing import TypeAlias

from foreshock.core.domain.messages.account import AccountFact
from foreshock.core.domain.messages.advice import AdviceFact
from foreshock.core.domain.messages.alerting import AlertingFact
from foreshock.core.domain.messages.conversions import ConversionFact
from foreshock.core.domain.messages.decisions import DecisionFact
from foreshock.core.domain.messages.market_data import MarketDataFact
from foreshock.core.domain.messages.matching import MatchingFact
from foreshock.core.domain.messages.operations import OperationsFact
from foreshock.core.domain.messages.risk import RiskFact
from foreshock.core.domain.messages.signals import SignalFact
from foreshock.core.domain.messages.trading import Command, TradingFact

Fact: TypeAlias = (
    MarketDataFact
    | MatchingFact
    | DecisionFact
    | TradingFact
    | OperationsFact
    | AccountFact
    | AdviceFact
    | SignalFact
    | AlertingFact
    | ConversionFact
    | RiskFact
)
Message: TypeAlias = Fact | Command
