/**
 * What would a desk say? A seeded, made-up desk in the shapes of the API, for looking at the pages
 * and for tests. It holds no opinion on trading and never ships.
 */

import type {
	Account,
	AuditEntry,
	Badge,
	Book,
	Edge,
	Halt,
	Leg,
	Level,
	Order,
	Package,
	Pair,
	Risk,
	State,
	Venue
} from '../../src/lib/data/views';
import { risks } from './risks';

const MICRO = 1_000_000;
const START_US = Date.UTC(2026, 10, 20, 14, 2, 11) * 1000;
const HISTORY_MAX = 400;
const AUDIT_MAX = 2_000;
const CAPITAL = 5_000 * MICRO;

/** Made-up bets; the last three hold what a hostile or careless venue could send. */
const BETS: readonly [label: string, kalshi: string, polymarket: string][] = [
	['Fed cuts by 25 bp in December', 'Will the Fed cut rates by 25bps at the December 2026 meeting?', 'Fed decreases interest rates by 25 bps after December 2026 meeting?'],
	['Bitcoin above $140k on 31 December', 'Bitcoin price at the end of 2026 above $140,000?', 'Will Bitcoin be above $140,000 on December 31?'],
	['US CPI above 3.0 % for November', 'CPI year over year above 3.0% in November 2026?', 'November inflation above 3.0%?'],
	['Government shutdown before 2027', 'US government shutdown before Jan 1, 2027?', 'Will there be a US government shutdown in 2026?'],
	['Recession called by Q2 2027', 'Recession declared by NBER before July 2027?', 'US recession by end of Q2 2027?'],
	['S&P 500 closes the year above 7,400', 'S&P 500 above 7,400 on Dec 31, 2026?', 'Will the S&P 500 close above 7,400 on the last trading day of 2026?'],
	['Hurricane makes US landfall in December', 'Hurricane landfall in the US in December 2026?', 'US hurricane landfall in December?'],
	['Oil above $85 at year end', 'WTI oil above $85 at the end of 2026?', 'Crude oil above $85 on December 31?'],
	['Unemployment above 4.6 % in November', 'Unemployment rate above 4.6% in November 2026?', 'November unemployment rate above 4.6%?'],
	['New York high above 60 °F on Sunday', 'Highest temperature in NYC on Nov 22 above 60°F?', 'NYC high temperature on November 22 over 60°F?'],
	['Ethereum above $6,000 in 2026', 'Ethereum above $6,000 at any time in 2026?', 'Will Ethereum reach $6,000 in 2026?'],
	['A very long title that a venue wrote without any thought of tables, phones or people who read it', 'W'.repeat(90), 'Will the very long and very winding question, which names every condition in its own title, be answered with yes before the first of January 2027?'],
	['Hostile \u202Eeltit <script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'Zero\u200B\u200Bwidth and \u0007bell'],
	['Election in Québec before June – élection', 'Élection au Québec avant juin?', 'Quebec election called before June 2027?']
];

export interface Faults {
	/** Badges of this venue go stale. */
	stale: boolean;
	/** Nothing happened yet: every list is empty. */
	empty: boolean;
	/** Value, ages and settlement days are unknown. */
	unknown: boolean;
}

interface Market {
	id: string;
	venue: 'kalshi' | 'polymarket';
	title: string;
	step: number;
	yes: number;
	spread: number;
	epoch: number;
	recvUs: number;
}

interface Bet {
	id: string;
	label: string;
	a: Market;
	b: Market;
	seenUs: number;
}

/** A seeded generator of 0..1 (mulberry32). */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export class World {
	nowUs = START_US;
	faults: Faults = { stale: false, empty: false, unknown: false };
	halts: Halt[] = [];
	mode: State['mode'] = 'demo';
	readonly packages: Package[] = [];
	readonly audit: AuditEntry[] = [];
	private readonly random: () => number;
	private readonly bets: Bet[];
	private readonly history: [number, number][] = [];
	private value = 2 * CAPITAL;
	private high = 2 * CAPITAL;
	private steps = 0;
	private noted = 0;

	constructor(seed = 7) {
		this.random = seeded(seed);
		this.bets = BETS.map(([label, kalshi, polymarket], index) => this.bet(label, kalshi, polymarket, index));
		for (let index = 0; index < 900; index += 1) this.step();
	}

	/** A quarter of a second passes. */
	step(): void {
		this.nowUs += 250_000;
		this.steps += 3;
		for (const bet of this.bets) for (const market of [bet.a, bet.b]) this.move(market);
		if (this.steps % 45 === 0) this.trade();
		if (this.steps % 24 === 0) this.mark();
	}

	state(): State {
		const edges = this.edges();
		const count = (outcome: Package['outcome']) => this.list().filter((item) => item.outcome === outcome).length;
		const unknown = this.faults.unknown || this.faults.empty;
		return {
			now_us: this.nowUs,
			started_us: START_US,
			version: '0.1.0',
			build: '3fa94c1',
			mode: this.mode,
			band: this.mode === 'demo' ? 'SIMULATED - mispricings far more frequent than life' : '',
			halts: this.halts,
			venues: this.venues(),
			accounts: this.accounts(),
			value_micros: unknown ? null : this.value,
			value_start_micros: unknown ? null : 2 * CAPITAL,
			value_high_micros: unknown ? null : this.high,
			value_history: this.faults.empty ? [] : this.history,
			realised_micros: this.list().reduce((sum, item) => sum + (item.realised_micros ?? 0), 0),
			fees_paid_micros: this.list().reduce((sum, item) => sum + item.fees_micros, 0),
			edges_open_count: edges.filter((edge) => edge.status === 'open').length,
			edges_refused_count: edges.filter((edge) => edge.status === 'refused').length,
			packages_open_count: count(null),
			packages_hedged_count: count('hedged'),
			packages_missed_count: count('missed'),
			packages_unwound_count: count('unwound'),
			packages_residual_count: count('residual'),
			orders_unknown_count: this.orders().filter((order) => order.state === 'unknown').length,
			incidents_open_count: this.risk().incidents.length,
			first_package_closed_us: this.list().length ? START_US + 14_200_000 : null,
			steps_count: this.steps,
			loop_lag_us: unknown ? null : 1_400
		};
	}

	edges(): Edge[] {
		if (this.faults.empty) return [];
		return this.bets
			.flatMap((bet) => [this.edge(bet, 'yes'), this.edge(bet, 'no')])
			.sort((x, y) => y.net_per_contract_micros - x.net_per_contract_micros);
	}

	book(id: string): Book | null {
		for (const bet of this.bets) for (const market of [bet.a, bet.b]) if (market.id === id) return this.bookOf(market);
		return null;
	}

	pairs(): Pair[] {
		if (this.faults.empty) return [];
		const edges = this.edges();
		return this.bets.map((bet, index) => {
			const best = edges.find((edge) => edge.pair_id === bet.id && edge.status !== 'withdrawn');
			return {
				id: bet.id,
				label: bet.label,
				relation: 'identity',
				confirmed_by: 'demo',
				note: index === 3 ? 'Both resolve on an OPM notice; the date differs in wording, not in effect.' : '',
				a: this.bookOf(bet.a),
				b: index === 8 ? null : this.bookOf(bet.b),
				a_id: bet.a.id,
				b_id: bet.b.id,
				best_edge_id: best?.id ?? null,
				best_net_per_contract_micros: best?.net_per_contract_micros ?? null,
				standing: 'trading',
				standing_words: '',
				version: 1
			};
		});
	}

	list(): Package[] {
		return this.faults.empty ? [] : this.packages;
	}

	orders(): Order[] {
		const all = this.list().flatMap((item) => item.orders);
		return [...all.filter((order) => order.state === 'unknown'), ...all.filter((order) => order.state !== 'unknown')];
	}

	risk(): Risk {
		const dollars = (code: string, scope: string, words: string, used: number, limit: number) =>
			({ code, scope, words, unit: 'micro-dollars', used: used * MICRO, limit: limit * MICRO }) as const;
		const unknown = this.orders().find((order) => order.state === 'unknown');
		return {
			profile: 'personal',
			limits: [
				dollars('PORTFOLIO_CAP', 'all', 'Capital in packages', 3_120, 7_500),
				dollars('VENUE_CAP', 'kalshi', 'Capital at one venue', 2_143.27, 2_500),
				dollars('VENUE_CAP', 'polymarket', 'Capital at one venue', 976.73, 2_500),
				dollars('MARKET_CAP', 'fed-december', 'Capital in one market, the fullest', 250, 250),
				{ code: 'PACKAGES_MAX', scope: 'all', words: 'Packages at the same time', unit: 'count', used: 2, limit: 8 },
				dollars('DAILY_LOSS', 'all', 'Loss today before trading pauses', 12.4, 500)
			],
			refusals: this.faults.empty
				? []
				: this.bets.slice(0, 6).map((bet, index) => ({
						at_us: this.nowUs - index * 9_300_000,
						request_id: `request:${bet.id}:${index}`,
						pair_id: bet.id,
						label: bet.label,
						refusal: { code: 'MARKET_CAP', words: `$${248 + index}.10 of $250.00 of this market is used, the clip needs $41.20` }
					})),
			incidents: unknown
				? [{ id: 'incident:1', at_us: this.nowUs - 41_000_000, about: unknown.id, words: `Order ${unknown.id} has had no answer for 41 s; checking with ${unknown.venue}` }]
				: [],
			positions: this.list()
				.filter((item) => item.outcome === 'hedged')
				.slice(0, 6)
				.flatMap((item) =>
					item.orders.map((order) => ({
						market: order.market,
						venue: order.venue,
						title: order.title,
						outcome: order.outcome,
						quantity_micros: order.filled_micros,
						provisional_micros: order.provisional_micros,
						cost_micros: Math.floor((order.filled_micros * (order.price_average_micros ?? 0)) / MICRO)
					}))
				),
			measured: this.faults.empty ? null : risks(this.list(), this.nowUs)
		};
	}

	/** Puts one line into the audit. */
	note(sender: string, kind: string, about: string, words: string, cause: string | null = null): string {
		this.noted += 1;
		const id = `${this.steps}.${this.noted}`;
		this.audit.unshift({ id, at_us: this.nowUs, sender, kind, about, words, cause });
		this.audit.length = Math.min(this.audit.length, AUDIT_MAX);
		return id;
	}

	private bet(label: string, kalshi: string, polymarket: string, index: number): Bet {
		const yes = Math.floor((0.12 + 0.76 * this.random()) * 100) * 10_000;
		const market = (venue: Market['venue'], title: string, step: number): Market => ({
			id: venue === 'kalshi' ? `kalshi:KXBET${index}-26DEC-T${index}.5/A` : `polymarket:0x${(index * 7919 + 4099).toString(16).padStart(8, '0')}c1d2`,
			venue,
			title,
			step,
			yes: yes + Math.floor((this.random() - 0.5) * 8) * 10_000,
			spread: 10_000 * (1 + Math.floor(this.random() * 2)),
			epoch: 1 + index,
			recvUs: START_US
		});
		return {
			id: `pair-${index + 1}`,
			label,
			a: market('kalshi', kalshi, 10_000),
			b: market('polymarket', polymarket, index % 3 === 0 ? 1_000 : 10_000),
			seenUs: START_US + index * 3_000_000
		};
	}

	private move(market: Market): void {
		if (this.random() > 0.22) return;
		const next = market.yes + (this.random() < 0.5 ? -1 : 1) * market.step;
		market.yes = Math.max(40_000, Math.min(930_000, next));
		market.recvUs = this.nowUs - Math.floor(this.random() * 180_000);
	}

	private levels(market: Market, side: 'bid' | 'ask'): Level[] {
		const found: Level[] = [];
		const noise = seeded(market.yes / market.step + (side === 'bid' ? 11 : 97));
		for (let index = 0; index < 12; index += 1) {
			const away = index * market.step * (index > 5 ? 2 : 1);
			const at = side === 'bid' ? market.yes - away : market.yes + market.spread + away;
			if (at <= 0 || at >= MICRO) break;
			found.push([at, Math.floor(20 + noise() * 600 * (1 + index / 3)) * MICRO]);
		}
		return found;
	}

	private bookOf(market: Market): Book {
		return {
			market: market.id,
			venue: market.venue,
			title: market.title,
			rules: `If the event named in the title happens before the close, the market resolves to Yes.\n\nResolution source: the official publication. ${market.venue === 'kalshi' ? 'If the publication is delayed beyond seven days, the last published figure counts.' : 'In case of ambiguity the market resolves by the consensus of credible reporting.'}`,
			outcome_labels: market.venue === 'kalshi' ? ['Yes', 'No'] : ['Up', 'Down'],
			status: 'open',
			bids: this.levels(market, 'bid'),
			asks: this.levels(market, 'ask'),
			epoch: market.epoch,
			quality: 'valid',
			event_us: market.recvUs - 31_000,
			recv_us: market.recvUs,
			badge: this.badge(market.venue, this.nowUs - market.recvUs),
			step_micros: market.step
		};
	}

	private badge(venue: string, ageUs: number): Badge {
		const seconds = (ageUs / MICRO).toFixed(1);
		if (this.faults.stale && venue === 'polymarket') return { state: 'STALE', words: 'STALE 41 s \u2013 not traded', age_us: 41_000_000 };
		if (ageUs > 6 * MICRO) return { state: 'QUIET', words: `QUIET ${Math.floor(ageUs / MICRO)} s (link ok)`, age_us: ageUs };
		if (ageUs > 4 * MICRO) return { state: 'LATE', words: `LATE ${seconds} s`, age_us: ageUs };
		return { state: 'LIVE', words: `LIVE ${seconds} s`, age_us: ageUs };
	}

	private leg(market: Market, outcome: 'yes' | 'no', quantity: number): Leg {
		const side = outcome === 'yes' ? this.levels(market, 'ask') : this.levels(market, 'bid');
		const taken: Level[] = [];
		let left = quantity;
		for (const [at, size] of side) {
			if (left <= 0) break;
			const part = Math.min(left, size);
			taken.push([outcome === 'yes' ? at : MICRO - at, part]);
			left -= part;
		}
		const cost = taken.reduce((sum, [at, part]) => sum + Math.ceil((at * part) / MICRO), 0);
		const average = cost / quantity;
		return {
			market: market.id,
			venue: market.venue,
			title: market.title,
			outcome,
			quantity_micros: quantity,
			limit_micros: taken.at(-1)?.[0] ?? 0,
			levels: taken,
			cost_micros: cost,
			fee_micros: Math.ceil(((market.venue === 'kalshi' ? 0.07 : 0.04) * average * (1 - average) * quantity) / 100) * 100,
			friction_micros: market.venue === 'polymarket' ? 20_000 : 0,
			book_epoch: market.epoch,
			book_recv_us: market.recvUs,
			fee_version: market.venue === 'kalshi' ? 'kalshi-2026-10-01:9b1f' : 'polymarket-2026-09:c07a',
			badge: this.badge(market.venue, this.nowUs - market.recvUs)
		};
	}

	private edge(bet: Bet, first: 'yes' | 'no'): Edge {
		const index = this.bets.indexOf(bet);
		const quantity = (40 + ((index * 37) % 160)) * MICRO;
		const legs = [this.leg(bet.a, first, quantity), this.leg(bet.b, first === 'yes' ? 'no' : 'yes', quantity)];
		const total = (pick: (leg: Leg) => number) => legs.reduce((sum, leg) => sum + pick(leg), 0);
		const cost = total((leg) => leg.cost_micros);
		const fees = total((leg) => leg.fee_micros);
		const frictions = total((leg) => leg.friction_micros);
		const days = 11 + index * 9;
		const lockup = Math.ceil((cost * 0.04 * days) / 365);
		const risk = Math.ceil(quantity * 0.0009);
		const net = quantity - cost - fees - frictions - lockup - risk;
		const each = Math.floor((net * MICRO) / quantity);
		const isWithdrawn = this.faults.stale && index % 2 === 0;
		const isOpen = each >= 25_000 && !isWithdrawn;
		const unknownDay = this.faults.unknown || index === 4;
		return {
			id: `${bet.id}:${first}-${first === 'yes' ? 'no' : 'yes'}/${legs.map((leg) => leg.venue).join('+')}`,
			pair_id: bet.id,
			label: bet.label,
			package: `${first.toUpperCase()} Kalshi + ${first === 'yes' ? 'NO' : 'YES'} Polymarket`,
			status: isWithdrawn ? 'withdrawn' : isOpen ? 'open' : 'refused',
			refusals: isWithdrawn
				? [{ code: 'BOOK_STALE', words: 'The Polymarket book is 41 s old; the ceiling is 5 s' }]
				: isOpen
					? []
					: [{ code: 'NET_BELOW_MIN', words: `${(each / 10_000).toFixed(2).replace('-', '\u2212')} cents net a contract, at least 2.50 wanted` }],
			legs,
			quantity_micros: quantity,
			payout_micros: quantity,
			cost_micros: cost,
			fees_micros: fees,
			frictions_micros: frictions,
			lockup_micros: lockup,
			hedge_risk_micros: risk,
			net_micros: net,
			net_low_micros: net - Math.floor((quantity * (bet.a.step + bet.b.step)) / MICRO),
			net_per_contract_micros: each,
			net_cents_per_contract: each / 10_000,
			completion_ppm: 996_400 - index * 300,
			locked_for_us: unknownDay ? null : days * 86_400 * MICRO,
			annualised_ppm: unknownDay ? null : Math.floor(((net / cost) * MICRO * 365) / days),
			friction_version: 'friction-2026-11:51de',
			quoted_us: isWithdrawn ? this.nowUs - 41_000_000 : this.nowUs - 200_000,
			first_seen_us: bet.seenUs,
			order_words: index % 2 === 0 ? 'first leg: kalshi, because polymarket leads by 1.2 s' : '',
			badge: this.badge('polymarket', this.nowUs - Math.min(bet.a.recvUs, bet.b.recvUs))
		};
	}

	private trade(): void {
		if (this.halts.length > 0 || this.mode !== 'demo') return;
		const edge = this.edges().find((candidate) => candidate.status === 'open' && this.random() < 0.5);
		if (!edge) return;
		const dice = this.random();
		const outcome = dice < 0.72 ? 'hedged' : dice < 0.9 ? 'missed' : dice < 0.97 ? 'unwound' : null;
		const id = `package:${edge.pair_id}:${this.steps}`;
		const orders = edge.legs.map((leg, index) => this.order(id, leg, outcome, index));
		const realised = outcome === 'hedged' ? edge.net_micros - 120_000 : outcome === 'missed' ? 0 : outcome === 'unwound' ? -640_000 : null;
		this.packages.unshift({
			id,
			pair_id: edge.pair_id,
			label: edge.label,
			package: edge.package,
			strategy: 'atomic-arb',
			state: outcome === null ? 'second_leg' : 'closed',
			outcome,
			quantity_asked_micros: edge.quantity_micros,
			quantity_micros: outcome === 'hedged' ? edge.quantity_micros : 0,
			net_expected_micros: edge.net_micros,
			paid_micros: outcome === 'hedged' ? edge.cost_micros : outcome === 'unwound' ? 480_000 : 0,
			fees_micros: outcome === 'missed' ? 0 : edge.fees_micros,
			locked_micros: outcome === 'hedged' ? edge.payout_micros : 0,
			realised_micros: realised,
			naked_us: outcome === null ? null : outcome === 'missed' ? 0 : 84_000,
			opened_us: this.nowUs - 400_000,
			closed_us: outcome === null ? null : this.nowUs,
			order_words: dice < 0.5 ? 'first leg: polymarket, because kalshi leads by 0.6 s' : '',
			reason: outcome === 'missed' ? 'The first leg found no contracts at its limit' : outcome === 'unwound' ? 'The second leg moved 1.5 cents away' : '',
			orders
		});
		this.packages.length = Math.min(this.packages.length, 50);
		this.value += realised ?? 0;
		this.high = Math.max(this.high, this.value);
		const quote = this.note('scanner', 'Opportunity', edge.id, `${edge.label}: ${edge.net_cents_per_contract.toFixed(2)} cents net a contract`);
		const request = this.note('atomic-arb', 'TradeRequest', id, `asks to buy ${edge.quantity_micros / MICRO} contracts of both legs`, quote);
		const approved = this.note('risk-guardian', 'TradeApproved', id, `approved; $${(edge.cost_micros / MICRO).toFixed(2)} reserved`, request);
		for (const order of orders) this.note('executor', 'PlaceOrder', order.id, `buy ${order.outcome.toUpperCase()} at most ${order.limit_micros / 10_000} cents on ${order.venue}`, approved);
		if (outcome) this.note('executor', 'PackageClosed', id, `${outcome} after 400 ms`, approved);
	}

	private order(packageId: string, leg: Leg, outcome: Package['outcome'], index: number): Order {
		const isFilled = outcome === 'hedged' || (index === 0 && outcome !== 'missed');
		const state = isFilled ? (leg.venue === 'polymarket' ? 'provisional' : 'filled') : outcome === null ? 'unknown' : 'killed';
		return {
			id: `${packageId}:${index + 1}`,
			package_id: packageId,
			market: leg.market,
			venue: leg.venue,
			title: leg.title,
			outcome: leg.outcome,
			action: 'buy',
			purpose: index === 0 ? 'enter' : 'hedge',
			state,
			limit_micros: leg.limit_micros,
			quantity_micros: leg.quantity_micros,
			filled_micros: isFilled ? leg.quantity_micros : 0,
			provisional_micros: isFilled && leg.venue === 'polymarket' ? leg.quantity_micros : 0,
			price_average_micros: isFilled ? Math.floor((leg.cost_micros * MICRO) / leg.quantity_micros) : null,
			fee_micros: isFilled ? leg.fee_micros : 0,
			decided_us: this.nowUs - 400_000 + index * 90_000,
			answered_us: state === 'unknown' ? null : this.nowUs - 320_000 + index * 90_000,
			reason: state === 'unknown' ? 'no answer within 250 ms' : ''
		};
	}

	private mark(): void {
		this.value += Math.floor((this.random() - 0.47) * 160_000);
		this.high = Math.max(this.high, this.value);
		if (this.steps > 900 && this.steps < 1_200) return;
		this.history.push([this.nowUs, this.value]);
		if (this.history.length > HISTORY_MAX) this.history.shift();
	}

	private accounts(): Account[] {
		const held = this.list().reduce((sum, item) => sum + item.paid_micros, 0);
		return (['kalshi', 'polymarket'] as const).map((venue, index) => ({
			venue,
			cash_micros: CAPITAL - Math.floor(held * (index ? 0.44 : 0.52)),
			reserved_micros: index ? 0 : 41_200_000,
			held_cost_micros: Math.floor(held * (index ? 0.24 : 0.52)),
			provisional_cost_micros: index ? Math.floor(held * 0.2) : 0,
			unknown_micros: this.orders().some((order) => order.state === 'unknown' && order.venue === venue) ? 38_400_000 : 0,
			external_micros: 0
		}));
	}

	private venues(): Venue[] {
		return (['kalshi', 'polymarket'] as const).map((venue, index) => ({
			venue,
			badge: this.badge(venue, 380_000 + index * 90_000),
			connections_open_count: index + 1,
			markets_watched_count: index ? 212 : 148,
			books_valid_count: index ? (this.faults.stale ? 171 : 212) : 147,
			message_age_p50_us: this.faults.unknown ? null : 41_000 + index * 22_000,
			message_age_p95_us: this.faults.unknown ? null : 187_000 + index * 96_000,
			data_at_us: this.nowUs - 380_000,
			checked_at_us: this.faults.unknown ? null : this.nowUs - 23_000_000,
			frames_count: this.steps * (index ? 61 : 37),
			gaps_count: index ? 0 : 2,
			reconnects_count: index ? 1 : 0,
			conflated_count: index ? 1_204 : 388,
			quarantined_count: index ? 3 : 0,
			unknown_shapes: (index ? { 'event_type: best_bid_ask_v2': 31, 'field: neg_risk_augmented_v3': 4 } : {}) as Record<string, number>,
			standing: null,
			clock: { state: 'good', offset_min_us: -40_000, offset_max_us: 90_000, words: 'our clock agrees with the venue’s' }
		}));
	}
}
