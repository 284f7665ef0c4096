import { describe, expect, it } from 'vitest';
import { HELD_MAX_US, shown, worst } from '../src/lib/data/freshness';
import type { Badge, BadgeState } from '../src/lib/data/views';

const badge = (state: BadgeState, words: string = state): Badge => ({ state, words, age_us: 400_000 });

describe('a badge', () => {
	it('says what the desk said while the page receives', () => {
		const view = shown(badge('LIVE', 'LIVE 0.4 s'), 0, 'live');
		expect(view).toMatchObject({ state: 'LIVE', words: 'LIVE 0.4 s', struck: false });
	});

	it.each(['STALE', 'GAP', 'OFF'] as const)('strikes the number beside %s', (state) => {
		expect(shown(badge(state), 0, 'live').struck).toBe(true);
	});

	it.each(['LIVE', 'QUIET', 'LATE', 'POLLED'] as const)('believes the number beside %s', (state) => {
		expect(shown(badge(state), 0, 'live').struck).toBe(false);
	});

	it('ages by itself when the desk does not answer', () => {
		const view = shown(badge('LIVE', 'LIVE 0.4 s'), 12_000_000, 'lost');
		expect(view.words.replace('\u202F', ' ')).toBe('FROZEN 12 s');
		expect(view.struck).toBe(true);
	});

	it('does not cry at once', () => {
		expect(shown(badge('LIVE'), HELD_MAX_US - 1, 'lost').state).toBe('LIVE');
	});

	it('says frozen, but strikes nothing good, when the reader paused', () => {
		expect(shown(badge('LIVE'), 60_000_000, 'paused')).toMatchObject({ state: 'FROZEN', struck: false });
		expect(shown(badge('STALE'), 60_000_000, 'paused').struck).toBe(true);
	});
});

it('a sum is as fresh as its worst part', () => {
	expect(worst([badge('LIVE'), badge('GAP'), badge('LATE')])?.state).toBe('GAP');
	expect(worst([])).toBeNull();
});
