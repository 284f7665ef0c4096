/** Which key does what? A tiny state machine, so that `g e` can be told from `e`. */

export type Action =
	| { kind: 'go'; path: string }
	| { kind: 'row'; step: 1 | -1 }
	| { kind: 'help' | 'filter' | 'halt' | 'pause' | 'unit' | 'zone' | 'back' };

export interface Shortcut {
	keys: string;
	words: string;
}

export const PAGES: readonly { key: string; path: string; name: string }[] = [
	{ key: 'o', path: '/', name: 'Overview' },
	{ key: 's', path: '/signals', name: 'Signals' },
	{ key: 'm', path: '/markets', name: 'Markets' },
	{ key: 'e', path: '/edges', name: 'Edges' },
	{ key: 'p', path: '/pairs', name: 'Pairs' },
	{ key: 'k', path: '/packages', name: 'Packages' },
	{ key: 'c', path: '/oracles', name: 'Oracles' },
	{ key: 'r', path: '/risk', name: 'Risk' },
	{ key: 'l', path: '/alerts', name: 'Alerts' },
	{ key: 'h', path: '/health', name: 'Health' },
	{ key: 'a', path: '/audit', name: 'Audit' }
];

export const SHORTCUTS: readonly Shortcut[] = [
	...PAGES.map((page) => ({ keys: `g ${page.key}`, words: page.name })),
	{ keys: 'j / k', words: 'Next / previous row' },
	{ keys: 'Enter', words: 'Open the row' },
	{ keys: '/', words: 'Filter or search' },
	{ keys: 'Space', words: 'Pause or resume updates' },
	{ keys: 'u', words: 'Cents or percent' },
	{ keys: 't', words: 'UTC or local time' },
	{ keys: '!', words: 'Halt (then type halt)' },
	{ keys: '?', words: 'This help' },
	{ keys: 'Esc', words: 'Close, or back from a detail' }
];

const SINGLE: Record<string, Action> = {
	j: { kind: 'row', step: 1 },
	k: { kind: 'row', step: -1 },
	'?': { kind: 'help' },
	'/': { kind: 'filter' },
	'!': { kind: 'halt' },
	' ': { kind: 'pause' },
	u: { kind: 'unit' },
	t: { kind: 'zone' },
	Escape: { kind: 'back' }
};
const GO_MAX_MS = 1_500;

export class Keys {
	private goAtMs: number | null = null;

	/** What to do on `key`, pressed outside any text field at `nowMs`; null for nothing. */
	press(key: string, nowMs: number): Action | null {
		const isAfterGo = this.goAtMs !== null && nowMs - this.goAtMs <= GO_MAX_MS;
		this.goAtMs = null;
		if (isAfterGo) {
			const page = PAGES.find((candidate) => candidate.key === key);
			if (page) return { kind: 'go', path: page.path };
		}
		if (key === 'g') {
			this.goAtMs = nowMs;
			return null;
		}
		return SINGLE[key] ?? null;
	}
}
