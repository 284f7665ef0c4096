/**
 * May this number be believed now? A badge as the desk gave it, aged by how long we have held it.
 *
 * The desk's words are right at the moment it spoke. When the page is paused or the desk does not
 * answer, the number keeps ageing here, and the badge has to say so.
 */

import { duration } from './time';
import type { Badge, BadgeState } from './views';

export type Holding = 'live' | 'paused' | 'lost';
/** How much older than the desk's own words a number may get before the badge speaks up. */
export const HELD_MAX_US = 3_000_000;

const BELIEVED: ReadonlySet<BadgeState> = new Set(['LIVE', 'QUIET', 'LATE', 'POLLED', 'HALTED']);

export interface Shown {
	state: BadgeState | 'FROZEN';
	words: string;
	/** The number beside it is struck. */
	struck: boolean;
	title: string;
}

export const MEANING: Record<Shown['state'], string> = {
	LIVE: 'The newest data came within its allowance and the link answers.',
	QUIET: 'Nothing changed for a while, and the link is proven alive: the number still holds.',
	LATE: 'Data arrives later than it should. Look twice.',
	STALE: 'Older than its allowance. Not traded on.',
	GAP: 'Messages were lost: the book is unknown until it is read again.',
	HALTED: 'Halted: no order that adds risk leaves.',
	POLLED: 'Asked for at intervals, not streamed. Shown, never traded on.',
	OFF: 'Not connected.',
	FROZEN: 'This page is not receiving: the number is as old as it says.'
};

/** What the badge says after being held for `heldUs` on a page that is `holding`. */
export function shown(badge: Badge, heldUs: number, holding: Holding): Shown {
	if (holding === 'live' || heldUs < HELD_MAX_US) {
		return {
			state: badge.state,
			words: badge.words || badge.state,
			struck: !BELIEVED.has(badge.state),
			title: MEANING[badge.state]
		};
	}
	const age = (badge.age_us ?? 0) + heldUs;
	const why = holding === 'paused' ? 'paused by you' : 'desk not answering';
	return {
		state: 'FROZEN',
		words: `FROZEN ${duration(age)}`,
		struck: holding === 'lost' || !BELIEVED.has(badge.state),
		title: `${MEANING.FROZEN} (${why}; it was: ${badge.words})`
	};
}

/** The worst of several badges: a sum is as fresh as its oldest part. null for none. */
export function worst(badges: readonly Badge[]): Badge | null {
	let found: Badge | null = null;
	for (const badge of badges) if (found === null || rank(badge) > rank(found)) found = badge;
	return found;
}

const ORDER: readonly BadgeState[] = [
	'LIVE',
	'QUIET',
	'HALTED',
	'POLLED',
	'LATE',
	'STALE',
	'GAP',
	'OFF'
];

function rank(badge: Badge): number {
	return ORDER.indexOf(badge.state);
}
