/**
 * What does the desk say? The JSON of its API, field by field.
 *
 * Money and prices are integers in micro-dollars (`_micros`), quantities in micro-contracts
 * (`_micros`), times in microseconds UTC (`_us`), shares in millionths (`_ppm`). null is unknown.
 */

import type { PairStanding } from './pairs';

export type BadgeState =
	| 'LIVE'
	| 'QUIET'
	| 'LATE'
	| 'STALE'
	| 'GAP'
	| 'HALTED'
	| 'POLLED'
	| 'OFF';
export type Outcome = 'yes' | 'no';
export type Level = [price_micros: number, quantity_micros: number];
export type Mode = 'demo' | 'watch' | 'paper' | 'live';

export interface Refusal {
	code: string;
	words: string;
}

export interface Badge {
	state: BadgeState;
	words: string;
	age_us: number | null;
}

export interface Halt {
	scope: string;
	by: string;
	reason: string;
	since_us: number;
}

/** Where a live desk stands with a venue; since_us is null before the first word. */
export interface Standing {
	state: 'reconciling' | 'active' | 'reducing';
	reason: string;
	since_us: number | null;
	condition: string;
	condition_words: string;
}

/** What must be added to our time to get the venue's lies between the offsets. */
export interface VenueClock {
	state: 'good' | 'warned' | 'refused' | 'unread';
	offset_min_us: number | null;
	offset_max_us: number | null;
	words: string;
}

export interface Venue {
	venue: string;
	badge: Badge;
	connections_open_count: number;
	markets_watched_count: number;
	books_valid_count: number;
	message_age_p50_us: number | null;
	message_age_p95_us: number | null;
	data_at_us: number | null;
	checked_at_us: number | null;
	frames_count: number;
	gaps_count: number;
	reconnects_count: number;
	conflated_count: number;
	quarantined_count: number;
	unknown_shapes: Record<string, number>;
	standing: Standing | null;
	clock: VenueClock | null;
}

export interface Account {
	venue: string;
	cash_micros: number | null;
	reserved_micros: number;
	held_cost_micros: number;
	provisional_cost_micros: number;
	unknown_micros: number;
	external_micros: number;
}

export interface State {
	now_us: number;
	started_us: number;
	version: string;
	build: string;
	mode: Mode;
	band: string;
	halts: Halt[];
	venues: Venue[];
	accounts: Account[];
	value_micros: number | null;
	value_start_micros: number | null;
	value_high_micros: number | null;
	value_history: [us: number, micros: number][];
	realised_micros: number;
	fees_paid_micros: number;
	edges_open_count: number;
	edges_refused_count: number;
	packages_open_count: number;
	packages_hedged_count: number;
	packages_missed_count: number;
	packages_unwound_count: number;
	packages_residual_count: number;
	orders_unknown_count: number;
	incidents_open_count: number;
	first_package_closed_us: number | null;
	steps_count: number;
	loop_lag_us: number | null;
}

export interface Leg {
	market: string;
	venue: string;
	title: string;
	outcome: Outcome;
	quantity_micros: number;
	limit_micros: number;
	levels: Level[];
	cost_micros: number;
	fee_micros: number;
	friction_micros: number;
	book_epoch: number;
	book_recv_us: number;
	fee_version: string;
	badge: Badge;
}

export type EdgeStatus = 'open' | 'refused' | 'withdrawn';

export interface Edge {
	id: string;
	pair_id: string;
	label: string;
	package: string;
	status: EdgeStatus;
	refusals: Refusal[];
	legs: Leg[];
	quantity_micros: number;
	payout_micros: number;
	cost_micros: number;
	fees_micros: number;
	frictions_micros: number;
	lockup_micros: number;
	hedge_risk_micros: number;
	net_micros: number;
	net_low_micros: number;
	net_per_contract_micros: number;
	net_cents_per_contract: number;
	completion_ppm: number;
	locked_for_us: number | null;
	annualised_ppm: number | null;
	friction_version: string;
	quoted_us: number;
	first_seen_us: number;
	badge: Badge;
	order_words: string;
}

export interface Book {
	market: string;
	venue: string;
	title: string;
	rules: string;
	outcome_labels: [string, string];
	status: string;
	bids: Level[];
	asks: Level[];
	epoch: number | null;
	quality: string;
	event_us: number | null;
	recv_us: number | null;
	badge: Badge;
	step_micros: number;
}

export interface EdgeDetail {
	edge: Edge;
	books: Book[];
}

export interface Pair {
	id: string;
	label: string;
	relation: 'identity' | 'complement';
	confirmed_by: string;
	note: string;
	a: Book | null;
	b: Book | null;
	a_id: string;
	b_id: string;
	best_edge_id: string | null;
	best_net_per_contract_micros: number | null;
	standing: PairStanding;
	standing_words: string;
	version: number;
}

export interface Order {
	id: string;
	package_id: string;
	market: string;
	venue: string;
	title: string;
	outcome: Outcome;
	action: 'buy' | 'sell';
	purpose: 'enter' | 'hedge' | 'unwind';
	state: string;
	limit_micros: number;
	quantity_micros: number;
	filled_micros: number;
	provisional_micros: number;
	price_average_micros: number | null;
	fee_micros: number;
	decided_us: number;
	answered_us: number | null;
	reason: string;
}

export type PackageOutcome = 'hedged' | 'missed' | 'unwound' | 'residual';

export interface Package {
	id: string;
	pair_id: string;
	label: string;
	package: string;
	strategy: string;
	state: string;
	outcome: PackageOutcome | null;
	quantity_asked_micros: number;
	quantity_micros: number;
	net_expected_micros: number;
	paid_micros: number;
	fees_micros: number;
	locked_micros: number;
	realised_micros: number | null;
	naked_us: number | null;
	opened_us: number;
	closed_us: number | null;
	reason: string;
	orders: Order[];
	order_words: string;
}

export interface Position {
	market: string;
	venue: string;
	title: string;
	outcome: Outcome;
	quantity_micros: number;
	provisional_micros: number;
	cost_micros: number;
}

export interface Limit {
	code: string;
	scope: string;
	words: string;
	unit: 'micro-dollars' | 'count';
	used: number;
	limit: number;
}

export interface RefusedRequest {
	at_us: number;
	request_id: string;
	pair_id: string;
	label: string;
	refusal: Refusal;
}

export interface Incident {
	id: string;
	at_us: number;
	about: string;
	words: string;
}

export interface Risk {
	profile: string;
	limits: Limit[];
	refusals: RefusedRequest[];
	incidents: Incident[];
	positions: Position[];
	measured: PositionsRisk | null;
}

export interface RiskPart {
	name: string;
	title: string;
	words: string;
	weight: number;
	points: number | null;
}

export interface PositionRisk {
	id: string;
	is_package: boolean;
	legs: { market: string; venue: string; title: string; outcome: Outcome }[];
	quantity_micros: number;
	worth_micros: number;
	worst_loss_micros: number;
	volatility_micros: number | null;
	volatility_words: string;
	value_at_risk_micros: number | null;
	basis: 'moves' | 'resolution' | 'certain' | 'unknown';
	basis_words: string;
	settles_us: number | null;
	exit_cost_micros: number | null;
	score: number | null;
	known_percent: number;
	parts: RiskPart[];
}

export interface PositionsRisk {
	confidence_percent: number;
	horizon_us: number;
	value_at_risk_micros: number;
	worst_loss_micros: number;
	unknown_count: number;
	measured_us: number;
	positions: PositionRisk[];
}

export interface AuditEntry {
	id: string;
	at_us: number;
	sender: string;
	kind: string;
	about: string;
	words: string;
	cause: string | null;
}

export interface Audit {
	entries: AuditEntry[];
	next_before: string | null;
	chain: 'verified' | 'not yet verified' | 'broken';
}

export interface Why {
	id: string;
	found: boolean;
	chain: AuditEntry[];
}

export interface ErrorBody {
	code: string;
	message: string;
	hint: string;
	retryable: boolean;
}
