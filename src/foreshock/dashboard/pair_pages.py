"""What do the pages about pairs show? Views over the fold of pairs, markets and edges."""

from collections.abc import Iterable

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.relations import ClauseComparison, PayoffCell, Span
from foreshock.core.domain.terms import Terms, terms_digest
from foreshock.core.domain.units import Instant, complement
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_facts import Related, Touch
from foreshock.core.matching.graph_feed import GraphFeed
from foreshock.dashboard.edges import Edges
from foreshock.dashboard.halts import Freshness
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.pair_views import (
    AdviceView,
    BoundLegView,
    BoundView,
    ClauseView,
    ContractView,
    MatchingView,
    PairDetailView,
    PayoffView,
    RelatedView,
    RelationView,
    SideView,
    SpanView,
)
from foreshock.dashboard.pairs import Known, Pairs, standing
from foreshock.dashboard.views import PairView

QUEUE_MAX = 200
RELATED_MAX = 200
RELATED_HOPS_MAX = 3
BOUNDS_MAX = 100
OUTCOMES: tuple[Outcome, Outcome] = ("yes", "no")


class PairPages:
    """Every view of pairs."""

    def __init__(self, pairs: Pairs, markets: Markets, edges: Edges, freshness: Freshness) -> None:
        self._pairs = pairs
        self._graph = GraphFeed(RelationGraph())
        self._markets = markets
        self._edges = edges
        self._freshness = freshness

    def hear(self, message: Message) -> None:
        """Keep the graph of relations in step."""
        self._graph.hear(message)

    def confirmed(self, now_us: Instant) -> list[PairView]:
        """Pairs that take part or were confirmed, in the order in which they became known."""
        best = self._edges.best()
        views: list[PairView] = []
        for known in self._pairs.all():
            relation, edge = known.relation(), best.get(known.id)
            if not known.is_confirmed() or (relation != "identity" and relation != "complement"):
                continue
            state, words = standing(known)
            by, note = _who(known)
            views.append(
                PairView(
                    id=known.id,
                    label=known.label,
                    relation=relation,
                    confirmed_by=by,
                    note=note,
                    a=self._freshness.book(known.a, now_us),
                    b=self._freshness.book(known.b, now_us),
                    a_id=known.a,
                    b_id=known.b,
                    best_edge_id=None if edge is None else edge.id,
                    best_net_per_contract_micros=None if edge is None else edge.net_per_contract,
                    standing=state,
                    standing_words=words,
                    version=known.version(),
                )
            )
        return views

    def review(self, limit: int = QUEUE_MAX) -> list[RelationView]:
        """What waits for a person."""
        return [self._relation(known) for known in self._pairs.queue()[:limit]]

    def relations(
        self, relation: str | None, decision: str | None, query: str, limit: int
    ) -> list[RelationView]:
        """Everything found, newest first; query: words of a label or of an id."""
        wanted, found = query.strip().lower(), list[RelationView]()
        for known in reversed(list(self._pairs.all())):
            decided = None if known.related is None else known.related.comparison.decision
            fits = relation in {None, known.relation()} and decision in {None, decided}
            if fits and wanted in f"{known.label} {known.id} {known.a} {known.b}".lower():
                found.append(self._relation(known))
            if len(found) >= limit:
                break
        return found

    def detail(self, pair_id: str) -> PairDetailView | None:
        """Everything about one pair; None when nobody told of it."""
        known = self._pairs.get(pair_id)
        if known is None:
            return None
        state, words = standing(known)
        found = None if known.related is None else known.related.comparison
        edge = self._edges.best().get(known.id)
        return PairDetailView(
            id=known.id,
            label=known.label,
            standing=state,
            standing_words=words,
            relation="unknown" if found is None else found.relation,
            decision=None if found is None else found.decision,
            confidence_ppm=None if found is None else found.confidence_ppm,
            is_tradable=found is not None and found.is_tradable,
            reason="" if found is None else found.reason,
            refusals=[] if found is None else list(found.refusals),
            matcher="" if found is None else found.matcher,
            clauses=[] if found is None else [_clause(clause) for clause in found.clauses],
            payoffs=[] if found is None else [_payoff(cell) for cell in found.payoffs],
            a=self._contract(known.a),
            b=self._contract(known.b),
            a_id=known.a,
            b_id=known.b,
            history=list(known.history),
            advice=_advice(known),
            best_edge_id=None if edge is None else edge.id,
            best_net_per_contract_micros=None if edge is None else edge.net_per_contract,
        )

    def terms(self, pair_id: str) -> Terms | None:
        """Digests of what both venues say now; None while one market is not listed."""
        known = self._pairs.get(pair_id)
        markets = [] if known is None else [self._markets.market(m) for m in (known.a, known.b)]
        digests = [terms_digest(market) for market in markets if market is not None]
        return Terms(*digests) if len(digests) == len(("a", "b")) else None

    def is_relation_known(self, pair_id: str) -> bool:
        """Whether what was found or decided before says which of the traded relations it is."""
        known = self._pairs.get(pair_id)
        if known is None:
            return False
        found = None if known.related is None else known.related.comparison.relation
        decided = None if known.decided is None else known.decided.relation
        return bool({found, decided} & {"identity", "complement"})

    def matching(self) -> MatchingView:
        """Counts and lists."""
        told = self._pairs.measured
        blocked = [known for known in self._pairs.all() if standing(known)[0] == "blocked"]
        return MatchingView(
            contracts_count=told.contracts_count,
            compared_count=told.compared_count,
            waiting_count=told.waiting_count,
            untold_count=told.untold_count,
            review_count=len(self._pairs.queue()),
            relations=told.relations,
            sources=self._pairs.sources(),
            blocked=[self._relation(known) for known in blocked],
        )

    def related(self, market: MarketId) -> list[RelatedView] | None:
        """Neighbours of a market, nearest and surest first; None when it was never listed."""
        if self._markets.market(market) is None:
            return None
        found = self._graph.graph.related(market, RELATED_HOPS_MAX, RELATED_MAX)
        return [self._neighbour(one, market) for one in found]

    def bounds(self) -> list[BoundView]:
        """Where prices contradict what the relations imply, largest excess first."""
        graph = self._graph.graph
        related = {market for edge in graph.edges() for market in (edge.a, edge.b)}
        broken = graph.bounds_broken({market: self._touch(market) for market in related})
        return [
            BoundView(
                legs=[
                    BoundLegView(leg.market, self._markets.title(leg.market), leg.outcome, leg.ask)
                    for leg in one.legs
                ],
                excess_micros=one.excess,
                confidence_ppm=one.confidence_ppm,
                is_tradable=one.is_tradable,
                path=[step.words for step in one.path],
            )
            for one in broken[:BOUNDS_MAX]
        ]

    def _touch(self, market: MarketId) -> Touch:
        """Best prices of YES; an offer of YES is a bid for NO."""
        bid, against = (self._markets.best_bid(market, outcome) for outcome in OUTCOMES)
        return Touch(bid, None if against is None else complement(against))

    def _neighbour(self, related: Related, market: MarketId) -> RelatedView:
        pair = self._pairs.between(market, related.market)
        found = None if pair is None or pair.related is None else pair.related.comparison
        return RelatedView(
            market=related.market,
            venue=venue_of(related.market),
            title=self._markets.title(related.market),
            relation=related.relation,
            pair_id="" if pair is None else pair.id,
            confidence_ppm=related.confidence_ppm,
            reason="" if found is None else found.reason,
            path=[step.words for step in related.path],
        )

    def _relation(self, known: Known) -> RelationView:
        state, words = standing(known)
        found = None if known.related is None else known.related.comparison
        return RelationView(
            id=known.id,
            label=known.label,
            standing=state,
            standing_words=words,
            relation=known.relation(),
            decision=None if found is None else found.decision,
            confidence_ppm=None if found is None else found.confidence_ppm,
            is_tradable=found is not None and found.is_tradable,
            reason="" if found is None else found.reason,
            differs=[] if found is None else _differing(found.clauses),
            a=self._side(known.a),
            b=self._side(known.b),
            version=known.version(),
            since_us=known.since_us,
        )

    def _side(self, market: MarketId) -> SideView:
        listed = self._markets.market(market)
        if listed is None:
            return SideView(market, venue_of(market), "", "")
        return SideView(market, listed.venue, listed.title, listed.status)

    def _contract(self, market: MarketId) -> ContractView | None:
        listed = self._markets.market(market)
        if listed is None:
            return None
        return ContractView(
            market=market,
            venue=listed.venue,
            title=listed.title,
            rules=listed.rules,
            source=listed.resolution_source,
            event=listed.event_id,
            category=listed.category,
            outcome_labels=listed.outcome_labels,
            status=listed.status,
            closes_us=listed.closes_us,
            terms=terms_digest(listed),
        )


def _who(known: Known) -> tuple[str, str]:
    """Who confirmed a pair, and with which note."""
    pair = known.listed or known.filed
    if pair is not None:
        return pair.confirmed_by, pair.note
    return ("", "") if known.decided is None else (known.decided.by, known.decided.note)


def _advice(known: Known) -> AdviceView | None:
    """What was advised on the terms that were compared last; older advice is none."""
    advised, related = known.advised, known.related
    if advised is None or related is None or advised.terms != related.terms:
        return None
    return AdviceView(
        advice=advised.advice,
        relation=advised.relation,
        differences=list(advised.differences),
        words=advised.words,
        model=advised.model,
    )


def _differing(clauses: Iterable[ClauseComparison]) -> list[str]:
    return [clause.clause for clause in clauses if clause.agreement == "differ"]


def _clause(clause: ClauseComparison) -> ClauseView:
    return ClauseView(
        clause=clause.clause,
        agreement=clause.agreement,
        a=clause.a,
        b=clause.b,
        spans_a=_spans(clause.spans_a),
        spans_b=_spans(clause.spans_b),
        words=clause.words,
    )


def _spans(spans: Iterable[Span]) -> list[SpanView]:
    return [SpanView(span.field, span.start, span.end) for span in spans]


def _payoff(cell: PayoffCell) -> PayoffView:
    return PayoffView(cell.a, cell.b, cell.is_possible, cell.words)
