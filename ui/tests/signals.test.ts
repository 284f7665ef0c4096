/** Scores, sizes and small charts as they are written. */

import { describe, expect, it } from 'vitest';
import { heat, safeUrl, severityTone, short, sigma, sparkPath, strongest, times, type VolumeRow } from '../src/lib/data/signals';

const ROW: VolumeRow = {
	market: 'kalshi:KXA',
	venue: 'kalshi',
	title: 'Will it?',
	category: 'Economics',
	state: 'ready',
	volume_micros: 1,
	expected_micros: 1,
	vroc_ppm: [null, null, null],
	score_milli_sigma: [null, 4_210, 3_999],
	acceleration_ppm_per_hour: null,
	rvol_ppm: null,
	vcv_ppm: null,
	level: null,
	at_us: 0
};

describe('numbers of signals', () => {
	it('rounds a score down and keeps the unknown apart from zero', () => {
		expect(sigma(4_299)).toBe('4.2\u202Fσ');
		expect(sigma(-1_250)).toBe('\u22121.2\u202Fσ');
		expect(sigma(-40)).toBe('0.0\u202Fσ');
		expect(sigma(null)).toBe('—');
	});

	it('writes multiples of what is usual', () => {
		expect(times(3_459_999)).toBe('×3.45');
		expect(times(1_234_000_000)).toBe('×1,234.00');
		expect(times(null)).toBe('—');
	});

	it('names the horizon with the highest score', () => {
		expect(strongest(ROW)).toEqual({ horizon: '4 h', milli: 4_210 });
		expect(strongest({ ...ROW, score_milli_sigma: [null, null, null] })).toBeNull();
	});

	it('colours by the levels of the detector and never the unknown', () => {
		expect([null, 'odd', 'watch', 'elevated', 'critical'].map(heat)).toEqual(['none', 'none', 'watch', 'elevated', 'critical']);
		expect([1, 2, 3, 4, 5].map(severityTone)).toEqual(['flat', 'busy', 'bad', 'grave', 'grave']);
	});

	it('shortens volume without rounding it up', () => {
		expect([999_999_999, 1_999_000_000, 250_999_000_000, 1_290_000_000_000].map(short)).toEqual(['999', '1.9k', '250k', '1.2M']);
	});

	it('draws a flat line in the middle and nothing from one point', () => {
		expect(sparkPath([5], 60, 16)).toBe('');
		expect(sparkPath([5, 5], 60, 16)).toBe('M0.0 8.0L60.0 8.0');
		expect(sparkPath([0, 10], 60, 16)).toBe('M0.0 15.0L60.0 1.0');
	});

	it('follows links of the web only', () => {
		expect(safeUrl('https://example.org/a')).toBe('https://example.org/a');
		expect(safeUrl('javascript:alert(1)')).toBeNull();
	});
});
