"""Which fields does Kalshi document, of everything a live desk reads there?

Names only: what they mean to us is said where they are read. A name that is neither here nor read
is new, and the doctor says so. Source: OpenAPI 3.34.0 of October 2026, and bodies of that summer.
"""

from foreshock.adapters.venues.kalshi import maintenance, order_wire, wire
from foreshock.adapters.venues.shapes import Endpoint, Level

MARKET = """
can_close_early cap_strike close_time created_time custom_strike early_close_condition
event_ticker exchange_index expected_expiration_time expiration_time expiration_value
fee_waiver_expiration_time floor_strike functional_strike is_provisional last_price_dollars
latest_expiration_time market_type mve_collection_ticker mve_selected_legs no_ask_dollars
no_bid_dollars no_sub_title notional_value_dollars occurrence_datetime open_interest_fp open_time
previous_price_dollars previous_yes_ask_dollars previous_yes_bid_dollars price_level_structure
price_ranges primary_participant_key result rules_primary rules_secondary settlement_bounds_type
settlement_floor_dollars settlement_timer_seconds settlement_ts settlement_value_dollars status
strike_type subtitle ticker title updated_time volume_24h_fp volume_fp yes_ask_dollars
yes_ask_size_fp yes_bid_dollars yes_bid_size_fp yes_sub_title
"""
"""Of a market."""

EVENT = """
available_on_brokers category collateral_return_type event_ticker exchange_index
fee_multiplier_override fee_type_override last_updated_ts markets mutually_exclusive
product_metadata series_ticker settlement_sources strike_date strike_period sub_title title
"""
SERIES = """
additional_prohibitions categories category contract_terms_url contract_url exchange_index
fee_multiplier fee_type frequency last_updated_ts product_metadata settlement_sources tags ticker
title volume_fp
"""
ORDER = """
action book_side cancel_order_on_pause client_order_id created_time exchange_index expiration_time
fill_count_fp initial_count_fp last_update_time maker_fees_dollars maker_fill_cost_dollars
no_price_dollars order_group_id order_id outcome_side remaining_count_fp
self_trade_prevention_type side status subaccount_number taker_fees_dollars
taker_fill_cost_dollars ticker type user_id yes_price_dollars
"""
FILL = """
action book_side count_fp created_time exchange_index fee_cost fill_id is_taker market_ticker
no_price_dollars order_id outcome_side side subaccount_number ticker trade_id ts yes_price_dollars
"""
POSITION = """
exchange_index fees_paid_dollars last_updated_ts market_exposure_dollars position_fp
realized_pnl_dollars resting_orders_count ticker total_traded_dollars
"""
DAYS = "monday tuesday wednesday thursday friday saturday sunday"
STATUS = """
exchange_active exchange_estimated_resume_time exchange_index_statuses
intra_exchange_transfers_active trading_active
"""
SHARD = "description exchange_active exchange_index intra_exchange_transfers_active trading_active"


def _market(path: str) -> tuple[Level, ...]:
    return (
        Level(path, wire.Market, MARKET),
        Level(f"{path}.price_ranges[]", wire.Range),
    )


def _event(path: str) -> tuple[Level, ...]:
    return (
        Level(path, wire.Event, EVENT),
        Level(f"{path}.settlement_sources[]", wire.SettlementSource),
        *_market(f"{path}.markets[]"),
    )


def _orders(name: str) -> Endpoint:
    levels = (Level("", order_wire.OrdersPage), Level("orders[]", order_wire.OrderRow, ORDER))
    return Endpoint(name=name, levels=levels)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        name="GET /exchange/status",
        levels=(
            Level("", maintenance.StatusBody, STATUS),
            Level("exchange_index_statuses[]", maintenance.ShardStatus, SHARD),
        ),
    ),
    Endpoint(
        name="GET /exchange/schedule",
        levels=(
            Level("", maintenance.ScheduleBody),
            Level("schedule", maintenance.Schedule),
            Level("schedule.standard_hours[]", maintenance.Week, DAYS),
            Level("schedule.maintenance_windows[]", maintenance.Announced),
        ),
    ),
    Endpoint(
        name="GET /exchange/user_data_timestamp", levels=(Level("", order_wire.FreshnessBody),)
    ),
    Endpoint(
        name="GET /series",
        levels=(
            Level("", wire.SeriesListBody),
            Level("series[]", wire.Series, SERIES),
            Level("series[].settlement_sources[]", wire.SettlementSource),
        ),
    ),
    Endpoint(
        name="GET /series/{id}",
        levels=(
            Level("", wire.SeriesBody),
            Level("series", wire.Series, SERIES),
            Level("series.settlement_sources[]", wire.SettlementSource),
        ),
    ),
    Endpoint(
        name="GET /events",
        levels=(Level("", wire.EventsPage, "milestones"), *_event("events[]")),
    ),
    Endpoint(name="GET /events/{id}", levels=(Level("", wire.EventBody), *_event("event"))),
    Endpoint(name="GET /markets", levels=(Level("", wire.MarketsPage), *_market("markets[]"))),
    Endpoint(
        name="GET /markets/orderbooks",
        levels=(
            Level("", wire.OrderBooksBody),
            Level("orderbooks[]", wire.NamedBook),
            Level("orderbooks[].orderbook_fp", wire.RestBook),
        ),
    ),
    _orders("GET /portfolio/orders"),
    _orders("GET /historical/orders"),
    Endpoint(
        name="GET /portfolio/orders/{id}",
        levels=(Level("", order_wire.OrderBody), Level("order", order_wire.OrderRow, ORDER)),
    ),
    Endpoint(
        name="GET /portfolio/fills",
        levels=(Level("", order_wire.FillsPage), Level("fills[]", order_wire.FillRow, FILL)),
    ),
    Endpoint(
        name="GET /portfolio/positions",
        levels=(
            Level("", order_wire.PositionsPage, "event_positions"),
            Level("market_positions[]", order_wire.PositionRow, POSITION),
        ),
    ),
    Endpoint(
        name="GET /portfolio/balance",
        levels=(
            Level("", order_wire.BalanceBody, "balance portfolio_value"),
            Level("balance_breakdown[]", order_wire.ShardBalance),
        ),
    ),
    Endpoint(
        name="GET /portfolio/order_groups",
        levels=(
            Level("", order_wire.GroupsBody),
            Level("order_groups[]", order_wire.GroupRow, "subaccount"),
        ),
    ),
    Endpoint(
        name="GET /account/limits",
        levels=(
            Level("", order_wire.LimitsBody, "grants"),
            Level("read", order_wire.BucketRow),
            Level("write", order_wire.BucketRow),
        ),
    ),
    Endpoint(
        name="GET /account/endpoint_costs",
        levels=(
            Level("", order_wire.CostsBody),
            Level("endpoint_costs[]", order_wire.CostRow),
        ),
    ),
)
"""Everything that a live desk reads at Kalshi."""
