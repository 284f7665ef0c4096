/**
 * What do detectors, volume, the live flow, alerts and oracles look like? Shapes and their words.
 *
 * `_micros` are millionths of a dollar or of a contract, `_ppm` millionths of one, `_milli_sigma`
 * thousandths of a standard deviation, `_us` microseconds. null is unknown, never zero.
 */

import { MINUS, UNKNOWN } from './format';
import type { Outcome, Venue } from './views';

export type Tone = 'good' | 'bad' | 'grave' | 'busy' | 'flat';
export type Three<T> = [hour: T, fourHours: T, day: T];

export interface Figure {
	name: string;
	value: string;
}

export interface Evidence {
	id: string;
	source: string;
	title: string;
	url: string;
	published_us: number | null;
}

export interface Grade {
	after_us: number;
	price_micros: number | null;
	move_micros: number | null;
}

export type ExplanationState = 'open' | 'explained' | 'unexplained' | 'preceded';

export interface Signal {
	id: string;
	detector: string;
	level: string;
	severity: number;
	market: string;
	venue: string;
	title: string;
	words: string;
	figures: Figure[];
	related: { market: string; venue: string; title: string }[];
	event_us: number;
	at_us: number;
	price_micros: number | null;
	score_milli: number;
	explanation: ExplanationState;
	evidence: Evidence[];
	lead_us: number | null;
	seen_by: string;
	grades: Grade[];
}

export interface Lead {
	pair_id: string;
	leader: string | null;
	leader_title: string;
	followed: string | null;
	followed_title: string;
	lag_us: number;
	correlation_ppm: number | null;
	windows_stable_count: number;
	since_us: number;
}

export interface VolumeGap {
	pair_id: string;
	horizon: string;
	gap_ppm: number;
	event_us: number;
}

export interface Signals {
	now_us: number;
	alerts: Signal[];
	counts: Record<string, number>;
	leads: Lead[];
	gaps: VolumeGap[];
	preceded_count: number;
	explained_count: number;
}

export interface VolumeRow {
	market: string;
	venue: string;
	title: string;
	category: string;
	state: 'ready' | 'warming' | 'gap';
	volume_micros: number;
	expected_micros: number | null;
	vroc_ppm: Three<number | null>;
	score_milli_sigma: Three<number | null>;
	acceleration_ppm_per_hour: number | null;
	rvol_ppm: number | null;
	vcv_ppm: number | null;
	level: string | null;
	at_us: number;
}

export interface Reset {
	reset_id: string;
	market: string | null;
	by: string;
	at_us: number;
	restored_by: string;
}

export interface Volume {
	now_us: number;
	bucket_end_us: number | null;
	next_close_us: number | null;
	markets_count: number;
	warming_count: number;
	rows: VolumeRow[];
	gaps: VolumeGap[];
	resets: Reset[];
}

export interface VolumePoint {
	at_us: number;
	volume_micros: number;
	expected_micros: number | null;
	level: string | null;
}

export interface VolumeMarket {
	row: VolumeRow | null;
	points: VolumePoint[];
	alerts: Signal[];
}

export interface FlowEvent {
	kind: 'T' | 'Q';
	market: string;
	venue: string;
	title: string;
	price_micros: number | null;
	bid_micros: number | null;
	ask_micros: number | null;
	quantity_micros: number | null;
	taker: Outcome | null;
	event_us: number;
}

export interface TapeRow {
	market: string;
	venue: string;
	title: string;
	status: string;
	bid_micros: number | null;
	ask_micros: number | null;
	traded_micros: number | null;
	change_micros: number | null;
	trades_count: number;
	quantity_micros: number;
	yes_taken_micros: number;
	points: number[];
	seen_us: number;
}

export interface Flow {
	now_us: number;
	window_us: number;
	last_event_us: number | null;
	trades_count: number;
	events: FlowEvent[];
	tape: TapeRow[];
	tape_count: number;
}

export interface Alert {
	id: string;
	kind: string;
	level: string;
	severity: number;
	is_detected: boolean;
	about: string;
	title: string;
	category: string;
	words: string;
	figures: Figure[];
	score: string;
	count: number;
	is_simulated: boolean;
	event_us: number;
	acknowledged_by: string | null;
	acknowledged_us: number | null;
	explanation: ExplanationState | null;
	deliveries: { sink: string; state: string; words: string }[];
	runbook: string;
}

export interface Notifier {
	sink: string;
	state: 'works' | 'lost' | 'untried';
	words: string;
	severity_min: number;
	hears_detectors: boolean;
	waiting_count: number;
	told_count: number;
	failed_count: number;
}

export interface Retention {
	days: number | null;
	live_days: number | null;
	looked_at_us: number | null;
	removed_runs_count: number;
	removed_rows_count: number;
	removed_bytes_count: number;
}

export interface Health {
	venues: Venue[];
	notifiers: Notifier[];
	retention: Retention;
}

export interface Listed {
	market: string;
	ticker: string;
	title: string;
	status: string;
	volume_24h_micros: number | null;
}

export interface Watched {
	ticker: string;
	state: 'watched' | 'looking' | 'unresolved';
	words: string;
	markets: Listed[];
	by: string;
	since_us: number;
}

export interface Category {
	category: string;
	markets_count: number;
	markets: Listed[];
}

export interface OracleModel {
	evaluated: string;
	data: string;
	rows_count: number;
	markets_count: number;
	model_brier: number;
	market_brier: number;
	difference: number;
	difference_low: number;
	difference_high: number;
	beats_market: boolean;
	words: string;
}

export interface OracleValue {
	source: string;
	symbol: string;
	value_micros: number;
	event_us: number;
	recv_us: number;
	age_us: number;
	state: 'live' | 'stale' | 'lost';
	words: string;
}

export interface OracleGap {
	market: string;
	venue: string;
	title: string;
	outcome: Outcome;
	oracle: string;
	fair_micros: number;
	ask_micros: number;
	fee_micros: number;
	gap_micros: number;
	spot_micros: number;
	strike_micros: number;
	volatility_ppm: number;
	ends_us: number;
	told_us: number;
	is_trusted: boolean;
	is_current: boolean;
}

export interface Oracles {
	model: OracleModel | null;
	sources: { source: string; connections_open_count: number; gaps_count: number; quarantined_count: number; words: string }[];
	values: OracleValue[];
	gaps: OracleGap[];
}

export interface NewsItem {
	id: string;
	source: string;
	title: string;
	url: string;
	published_us: number;
	recv_us: number;
	is_scheduled: boolean;
	shared: string[];
}

export interface News {
	record: {
		alerts_count: number;
		explained_count: number;
		preceded_count: number;
		unexplained_count: number;
		waiting_count: number;
		preceded_ppm: number | null;
		preceded_low_ppm: number | null;
		preceded_high_ppm: number | null;
		lead_median_us: number | null;
		words: string;
	};
	history: {
		alert_id: string;
		market: string;
		venue: string;
		title: string;
		detector: string;
		level: string;
		words: string;
		event_us: number;
		explanation: 'explained' | 'preceded' | 'unexplained' | 'waiting';
		lead_us: number | null;
		items: NewsItem[];
	}[];
	items: NewsItem[];
	sources: { source: string; items_count: number; heard_us: number | null; words: string }[];
}

export const HORIZONS: Three<string> = ['1 h', '4 h', '24 h'];

export const EXPLANATIONS: Record<string, { word: string; tone: Tone; meaning: string }> = {
	open: { word: 'not judged yet', tone: 'flat', meaning: 'No source of news has been compared with it yet.' },
	waiting: { word: 'waiting', tone: 'flat', meaning: 'Its window is still open: news may yet come.' },
	explained: { word: 'explained', tone: 'flat', meaning: 'News that fit were there before it.' },
	unexplained: { word: 'unexplained', tone: 'busy', meaning: 'No news that fit were found in its window.' },
	preceded: { word: 'before the news', tone: 'good', meaning: 'It came first, and news that fit came after it.' }
};

export const BASELINES: Record<VolumeRow['state'], string> = {
	ready: 'Compared with what is usual at this time of day.',
	warming: 'Under 5 days of baseline: no score yet.',
	gap: 'Too much of the last hours was not observed: no score.'
};

/** How a severity looks: 1 is only logged, 3 and more is told to a person. */
export function severityTone(severity: number): Tone {
	return severity >= 4 ? 'grave' : severity === 3 ? 'bad' : severity === 2 ? 'busy' : 'flat';
}

/** `4.2 σ`, rounded down; a minus sign below zero. */
export function sigma(milli: number | null): string {
	if (milli === null) return UNKNOWN;
	const tenths = Math.floor(Math.abs(milli) / 100);
	return `${milli < 0 && tenths > 0 ? MINUS : ''}${Math.floor(tenths / 10)}.${tenths % 10}\u202Fσ`;
}

/** `×3.4` of what is usual. */
export function times(ppm: number | null): string {
	if (ppm === null) return UNKNOWN;
	const hundredths = Math.floor(ppm / 10_000);
	return `×${Math.floor(hundredths / 100).toLocaleString('en-US')}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** The horizon whose score is highest, and that score; null where no score exists. */
export function strongest(row: VolumeRow): { horizon: string; milli: number } | null {
	let best: { horizon: string; milli: number } | null = null;
	row.score_milli_sigma.forEach((milli, place) => {
		if (milli !== null && (best === null || milli > best.milli)) best = { horizon: HORIZONS[place] ?? '', milli };
	});
	return best;
}

/** How loud a cell is: as the detector's level, however many sigma; what is only logged stays quiet. */
export function heat(level: string | null): 'none' | 'watch' | 'elevated' | 'critical' {
	return level === 'watch' || level === 'elevated' || level === 'critical' ? level : 'none';
}

/** Whole contracts or dollars of volume in few characters: `1.2M`, `34k`, `980`. */
export function short(micros: number | null): string {
	if (micros === null) return UNKNOWN;
	const whole = Math.floor(micros / 1_000_000);
	for (const [size, letter] of [
		[1_000_000, 'M'],
		[1_000, 'k']
	] as const) {
		if (whole >= 100 * size) return `${Math.floor(whole / size)}${letter}`;
		if (whole >= size) return `${Math.floor(whole / (size / 10)) / 10}${letter}`;
	}
	return String(whole);
}

/** Points of a small chart as an SVG path over `width` by `height`; '' for fewer than two. */
export function sparkPath(values: readonly number[], width: number, height: number): string {
	if (values.length < 2) return '';
	const low = Math.min(...values);
	const span = Math.max(...values) - low;
	const step = width / (values.length - 1);
	return values
		.map((value, place) => {
			const y = span === 0 ? height / 2 : height - 1 - ((value - low) / span) * (height - 2);
			return `${place ? 'L' : 'M'}${(place * step).toFixed(1)} ${y.toFixed(1)}`;
		})
		.join('');
}

/** Only what a browser may follow without harm. */
export function safeUrl(url: string): string | null {
	return /^https?:\/\//i.test(url) ? url : null;
}
