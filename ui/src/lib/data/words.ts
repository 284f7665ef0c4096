/** Which words does the page use? Names of venues, states and outcomes, in one place. */

import type { Mode, PackageOutcome } from './views';

const VENUES: Record<string, string> = { kalshi: 'Kalshi', polymarket: 'Polymarket' };

export const MODES: Record<Mode, { word: string; meaning: string }> = {
	demo: { word: 'SIMULATED', meaning: 'Simulated venues on this machine. No real market, no money.' },
	watch: { word: 'WATCH', meaning: 'Live market data. Nothing is bought, not even on paper.' },
	paper: { word: 'PAPER', meaning: 'Live market data, paper orders. No order leaves this machine.' },
	live: { word: 'LIVE', meaning: 'Real money. Orders leave for the venues that are armed.' }
};

export const OUTCOMES: Record<PackageOutcome, string> = {
	hedged: 'Every leg filled: the payout is locked in.',
	missed: 'Nothing filled. Nothing lost but the chance.',
	unwound: 'Partly filled and taken back, at a price.',
	residual: 'Something is still open: an incident says what.'
};

/** States in which nothing more will trade and every fill is known. */
const OVER: ReadonlySet<string> = new Set([
	'provisional',
	'filled',
	'killed',
	'cancelled',
	'reverted',
	'rejected',
	'refused'
]);

export function venueName(venue: string): string {
	return VENUES[venue] ?? venue;
}

/** A state this page does not know counts as open: the cautious side. */
export function isOrderOver(state: string): boolean {
	return OVER.has(state.toLowerCase());
}

export function isOrderUnknown(state: string): boolean {
	return state.toLowerCase() === 'unknown';
}

/** `first_leg` as `first leg`. */
export function plain(code: string): string {
	return code.replaceAll('_', ' ').toLowerCase();
}

/** `1 edge`, `2 edges`. */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The route of an edge's page, whatever its id holds. */
export function edgePath(id: string): string {
	return `/edges/${encodeURIComponent(id)}`;
}

/** The route that explains an edge, order, package, request or audit entry. */
export function whyPath(id: string): string {
	return `/audit?why=${encodeURIComponent(id)}`;
}
