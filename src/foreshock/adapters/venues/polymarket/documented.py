"""Which fields does Polymarket document, of everything a live desk reads there?

Names only: what they mean to us is said where they are read. A name that is neither here nor read
is new, and the doctor says so. Source: the venue's documentation and SDK 0.14, and bodies of
October 2026.
"""

from foreshock.adapters.venues.polymarket import account, ours, wire
from foreshock.adapters.venues.shapes import Endpoint, Level

MARKET = """
acceptingOrders acceptingOrdersTimestamp active approved archived automaticallyActive
automaticallyResolved bestAsk bestBid category clearBookOnStart clobRewards clobTokenIds closed
closedTime comboStatus competitive conditionId createdAt creator cryptoMarketConfig
cryptoMarketConfigId customLiveness cyom deploying deployingTimestamp description enableOrderBook
endDate endDateIso eventStartTime events featured feeSchedule feeType feesEnabled fpmmLive funded
gameId gameStartTime groupItemThreshold groupItemTitle hasReviewedDates holdingRewardsEnabled icon
id image lastTradePrice line liquidity liquidityAmm liquidityClob liquidityNum lowerBound
mailchimpTag makerBaseFee makerRebatesFeeShareBps manualActivation marketMakerAddress marketType
negRisk negRiskMarketID negRiskOther negRiskRequestID new onchainEventId oneDayPriceChange
oneHourPriceChange oneMonthPriceChange oneWeekPriceChange oneYearPriceChange orderMinSize
orderPriceMinTickSize outcomePrices outcomes pagerDutyNotificationEnabled pendingDeployment
positionIds question questionID ready readyForCron requestId requiresTranslation resolutionSource
resolutionStatus resolvedBy restricted rewardsMaxSpread rewardsMinSize rfqEnabled secondsDelay
seriesColor showGmpOutcome showGmpSeries slug sportsMarketType spread startDate startDateIso
submitted_by tags takerBaseFee twitterCardImage umaBond umaEndDate umaResolutionStatus
umaResolutionStatuses umaReward updatedAt updatedBy upperBound version volume volume1mo
volume1moAmm volume1moClob volume1wk volume1wkAmm volume1wkClob volume1yr volume1yrAmm
volume1yrClob volume24hr volume24hrAmm volume24hrClob volumeAmm volumeClob volumeNum
"""
"""Of a market at Gamma."""

EVENT = """
active archived automaticallyActive automaticallyResolved awayTeamName bestLines cantEstimate
category closed closedTime color commentCount commentsEnabled competitive countryName createdAt
creationDate cumulativeMarkets cyom deploying deployingTimestamp description elapsed electionType
enableNegRisk enableOrderBook endDate ended estimateValue estimatedValue eventCreators eventDate
eventMetadata eventWeek externalPartners featured featuredImage featuredOrder finishedTimestamp
gameId gameStatus gmpChartMode homeTeamName icon id image lastHighlight liquidity liquidityAmm
liquidityClob live markets negRisk negRiskAugmented negRiskFeeBips negRiskMarketID new
openInterest parentEventId pendingDeployment period published_at requiresTranslation
rescheduledFromGameId resolutionSource restricted score series seriesSlug showAllOutcomes
showMarketImages slug sortBy sport sportsradarMatchId spreadsMainLine startDate startTime
subcategory subtitle tags teams ticker title totalsMainLine tweetCount updatedAt version volume
volume1mo volume1wk volume1yr volume24hr
"""
"""Of an event at Gamma."""

SERIES = """
active archived cgAssetName closed commentCount commentsEnabled competitive createdAt createdBy
description events featured icon id image layout liquidity new publishedAt pythTokenID recurrence
requiresTranslation restricted seriesType slug startDate subtitle ticker title updatedAt updatedBy
volume volume24hr
"""
"""Of a series at Gamma."""

ENGINE = "ao aot c cbos fd gst ibce itode mbf mos mts nr r rfqe sd t tbf v"
"""Of a market's terms at the matching engine."""
ORDER = """
asset_id associate_trades created_at expiration id maker_address market order_type original_size
outcome owner price side size_matched status
"""
TRADE = """
asset_id bucket_index fee_rate_bps id last_update maker_address maker_orders market match_time
match_time_nano outcome owner price side size status taker_order_id trader_side transaction_hash
"""
MAKER = """
asset_id fee_rate_bps maker_address matched_amount order_id outcome outcome_index owner price side
"""
POSITION = """
archived avg_price condition_id current_price current_size current_value end_date entry_cost_usdc
entry_fees_usdc event_id event_slug event_title first_entry_at icon last_event_at mergeable
negative_risk opposite_outcome opposite_token_id outcome outcome_index percent_pnl
percent_realized_pnl proxy_wallet realized_pnl redeemable slug status title token_id total_cost_usdc
total_pnl total_size unrealized_pnl verified
"""
BOOK = """
asks asset_id bids hash last_trade_price market min_order_size neg_risk tick_size timestamp version
"""
LIST = "data next_cursor limit count"

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(name="GET /time"),
    Endpoint(
        name="GET /markets/keyset",
        levels=(
            Level("", wire.MarketsPage, "$schema"),
            Level("markets[]", wire.GammaMarket, MARKET),
            Level("markets[].feeSchedule", wire.GammaFeeSchedule, "rebateRate"),
            Level("markets[].events[]", wire.GammaEventRef, EVENT),
        ),
    ),
    Endpoint(
        name="GET /events/keyset",
        levels=(
            Level("", wire.EventsPage, "$schema"),
            Level("events[]", wire.GammaEvent, EVENT),
            Level("events[].markets[]", wire.GammaMarket, MARKET),
            Level("events[].markets[].feeSchedule", wire.GammaFeeSchedule, "rebateRate"),
        ),
    ),
    Endpoint(name="GET /series", levels=(Level("[]", wire.GammaSeriesRef, SERIES),)),
    Endpoint(
        name="GET /clob-markets/{id}",
        levels=(
            Level("", wire.ClobMarket, ENGINE),
            Level("t[]", wire.ClobToken),
            Level("fd", wire.ClobFee),
        ),
    ),
    Endpoint(
        name="POST /books",
        levels=(
            Level("[]", wire.WireBook, BOOK),
            Level("[].bids[]", wire.WireLevel),
            Level("[].asks[]", wire.WireLevel),
        ),
    ),
    Endpoint(
        name="GET /data/orders",
        levels=(Level("", account.ListPage, LIST), Level("data[]", ours.WireOrderRow, ORDER)),
    ),
    Endpoint(name="GET /data/order/{id}", levels=(Level("", ours.WireOrderRow, ORDER),)),
    Endpoint(
        name="GET /data/trades",
        levels=(
            Level("", account.ListPage, LIST),
            Level("data[]", ours.WireTrade, TRADE),
            Level("data[].maker_orders[]", ours.WireMakerOrder, MAKER),
        ),
    ),
    Endpoint(name="GET /balance-allowance", levels=(Level("", account.WireAllowance),)),
    Endpoint(name="GET /auth/ban-status/closed-only", levels=(Level("", account.WireClosedOnly),)),
    Endpoint(
        name="GET /api/geoblock", levels=(Level("", account.WireGeoblock, "ip country region"),)
    ),
    Endpoint(
        name="GET /v2/positions",
        levels=(
            Level("", account.DataPage),
            Level("data[]", account.WirePosition, POSITION),
            Level("pagination", account.Pagination, "limit offset"),
        ),
    ),
)
"""Everything that a live desk reads at Polymarket, the relayer's answers aside."""
