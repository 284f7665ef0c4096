/** How does a payout become a net? The sum of an edge as lines, each with its arithmetic. */

import { contracts, dollarsExact, percent, price, spread, type Unit } from './format';
import { duration } from './time';
import { venueName } from './words';
import type { Edge, Leg, Level } from './views';

export type LineKind = 'payout' | 'cost' | 'subtotal' | 'fee' | 'friction' | 'lockup' | 'risk' | 'net';

export interface Line {
	kind: LineKind;
	words: string;
	/** The arithmetic, readable: `100 × 41¢ + 20 × 42¢`. */
	how: string;
	/** Signed: what is paid is negative. */
	micros: number;
	/** What is left after this line. */
	after: number;
}

export interface PerContract {
	gross: number | null;
	fees: number | null;
	frictions: number | null;
	lockup: number | null;
	risk: number | null;
	net: number;
}

/** Payout less cost: what is left before any other cost. */
export function gross(edge: Edge): number {
	return edge.payout_micros - edge.cost_micros;
}

/** Every column of the sum per contract, costs negative; rounded against us. */
export function perContractOf(edge: Edge): PerContract {
	const each = (micros: number) => spread(micros, edge.quantity_micros, 'down');
	return {
		gross: each(gross(edge)),
		fees: each(-edge.fees_micros),
		frictions: each(-edge.frictions_micros),
		lockup: each(-edge.lockup_micros),
		risk: each(-edge.hedge_risk_micros),
		net: edge.net_per_contract_micros
	};
}

/** Whether the lines of the sum give the net, to the micro-dollar. */
export function addsUp(edge: Edge): boolean {
	const costs =
		edge.cost_micros + edge.fees_micros + edge.frictions_micros + edge.lockup_micros + edge.hedge_risk_micros;
	const legs = (pick: (leg: Leg) => number) => edge.legs.reduce((sum, leg) => sum + pick(leg), 0);
	return (
		edge.payout_micros - costs === edge.net_micros &&
		legs((leg) => leg.cost_micros) === edge.cost_micros &&
		legs((leg) => leg.fee_micros) === edge.fees_micros &&
		legs((leg) => leg.friction_micros) === edge.frictions_micros
	);
}

/** From payout to net, top to bottom. */
export function lines(edge: Edge, unit: Unit): Line[] {
	const list: Line[] = [];
	let left = 0;
	const add = (kind: LineKind, words: string, how: string, micros: number) => {
		left += micros;
		list.push({ kind, words, how, micros, after: left });
	};
	add('payout', 'Payout, whichever way it ends', payoutWords(edge), edge.payout_micros);
	for (const leg of edge.legs) add('cost', `Buy ${nameOf(leg)}`, levelWords(leg.levels, unit), -leg.cost_micros);
	list.push({ kind: 'subtotal', words: 'Gross', how: 'payout less what the contracts cost', micros: left, after: left });
	for (const leg of edge.legs)
		add('fee', `Fee, ${venueName(leg.venue)}`, `taker fee by schedule ${leg.fee_version}`, -leg.fee_micros);
	for (const leg of edge.legs)
		if (leg.friction_micros !== 0)
			add('friction', `Friction, ${venueName(leg.venue)}`, `gas, bridge, exchange by ${edge.friction_version}`, -leg.friction_micros);
	if (edge.legs.every((leg) => leg.friction_micros === 0))
		add('friction', 'Frictions', `none by ${edge.friction_version}`, -edge.frictions_micros);
	add('lockup', 'Capital lock-up', lockupWords(edge), -edge.lockup_micros);
	add('risk', 'Hedge risk', `${percent(1_000_000 - edge.completion_ppm, { decimals: 2, rounding: 'up' })} chance that a leg does not complete`, -edge.hedge_risk_micros);
	list.push({ kind: 'net', words: 'Net', how: 'what is left after every cost', micros: edge.net_micros, after: edge.net_micros });
	return list;
}

function payoutWords(edge: Edge): string {
	const each = spread(edge.payout_micros, edge.quantity_micros, 'down');
	return each === null ? 'no contracts' : `${contracts(edge.quantity_micros)} × ${dollarsExact(each)}`;
}

function nameOf(leg: Leg): string {
	return `${leg.outcome.toUpperCase()} on ${venueName(leg.venue)}`;
}

function levelWords(levels: readonly Level[], unit: Unit): string {
	return levels.map(([at, quantity]) => `${contracts(quantity, false)} × ${price(at, unit)}`).join(' + ');
}

function lockupWords(edge: Edge): string {
	const capital = dollarsExact(edge.cost_micros + edge.fees_micros);
	const time = edge.locked_for_us === null ? 'until an unknown day' : `for ${duration(edge.locked_for_us)}`;
	return `${capital} could earn cash interest ${time}`;
}
