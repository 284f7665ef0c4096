/** Which rungs does a book's ladder have, and which of them would a leg take? */

import type { Book, Leg } from './views';

export interface Rung {
	side: 'ask' | 'bid';
	/** Of YES, in micro-dollars. */
	price: number;
	quantity: number;
	taken: number;
	/** Percent of the largest rung shown. */
	share: number;
	takenShare: number;
	isFirstBid: boolean;
}

export interface Ladder {
	rows: Rung[];
	spread: number | null;
	mid: number | null;
	hiddenCount: number;
	/** Contracts that the leg would take and that no rung shows. */
	missing: number;
}

const PAYOUT = 1_000_000;

/** Dearest first. Buying YES takes asks; buying NO takes YES bids, at one dollar less its price. */
export function ladder(book: Book, leg: Leg | undefined, depth: number): Ladder {
	const takenAt = new Map(
		(leg?.levels ?? []).map(([price, quantity]) => [leg?.outcome === 'no' ? PAYOUT - price : price, quantity])
	);
	const takes = leg === undefined ? null : leg.outcome === 'yes' ? 'ask' : 'bid';
	const rung = (side: Rung['side'], price: number, quantity: number) => ({
		side,
		price,
		quantity,
		taken: takes === side ? (takenAt.get(price) ?? 0) : 0
	});
	const asks = book.asks.slice(0, depth).map(([price, quantity]) => rung('ask', price, quantity));
	const bids = book.bids.slice(0, depth).map(([price, quantity]) => rung('bid', price, quantity));
	const rungs = [...asks.reverse(), ...bids];
	const wanted = (leg?.levels ?? []).reduce((sum, [, quantity]) => sum + quantity, 0);
	const largest = Math.max(1, ...rungs.map((row) => row.quantity));
	const [ask, bid] = [book.asks[0]?.[0], book.bids[0]?.[0]];
	return {
		rows: rungs.map((row) => ({
			...row,
			share: percentOf(row.quantity, largest),
			takenShare: percentOf(Math.min(row.taken, row.quantity), largest),
			isFirstBid: row === bids[0]
		})),
		spread: ask === undefined || bid === undefined ? null : ask - bid,
		mid: ask === undefined || bid === undefined ? null : Math.floor((ask + bid) / 2),
		missing: wanted - rungs.reduce((sum, row) => sum + Math.min(row.taken, row.quantity), 0),
		hiddenCount: Math.max(0, book.asks.length - depth) + Math.max(0, book.bids.length - depth)
	};
}

function percentOf(part: number, whole: number): number {
	return Math.round((part / whole) * 1000) / 10;
}
