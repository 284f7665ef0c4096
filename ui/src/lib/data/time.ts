/** How is an instant or a duration written? Microseconds UTC in, text out. */

import { UNKNOWN } from './format';

export type Zone = 'utc' | 'local';

const MS = 1_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const THIN = '\u202F';

/** A length of time in at most two units: `240 ms`, `2.6 s`, `3 m 12 s`, `23 d 4 h`. */
export function duration(us: number | null): string {
	if (us === null) return UNKNOWN;
	if (us < 0) return `\u2212${duration(-us)}`;
	if (us === 0) return `0${THIN}ms`;
	if (us < MS) return `${us}${THIN}µs`;
	if (us < SECOND) return `${Math.floor(us / MS)}${THIN}ms`;
	if (us < 10 * SECOND) return `${(Math.floor(us / 100_000) / 10).toFixed(1)}${THIN}s`;
	if (us < MINUTE) return `${Math.floor(us / SECOND)}${THIN}s`;
	if (us < HOUR) return twoUnits(us, MINUTE, 'm', SECOND, 's');
	if (us < DAY) return twoUnits(us, HOUR, 'h', MINUTE, 'm');
	return twoUnits(us, DAY, 'd', HOUR, 'h');
}

/** `3 m 12 s ago`; `now` for less than a second. */
export function ago(us: number | null, nowUs: number): string {
	if (us === null) return 'at an unknown time';
	const age = nowUs - us;
	if (age < -SECOND) return `in ${duration(-age)}`;
	return age < SECOND ? 'just now' : `${duration(age)} ago`;
}

/** `14:03:11`, with the date before it when it is not today's. */
export function clock(us: number | null, zone: Zone, nowUs?: number): string {
	if (us === null) return UNKNOWN;
	const time = hms(us, zone);
	if (nowUs !== undefined && day(us, zone) === day(nowUs, zone)) return time;
	return nowUs === undefined ? time : `${day(us, zone)} ${time}`;
}

/** The name of the zone that `clock` speaks in. */
export function zoneName(zone: Zone, us: number): string {
	if (zone === 'utc') return 'UTC';
	const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(us / MS);
	return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'local';
}

/** Both zones and the age, for a tooltip. */
export function fullTime(us: number, nowUs: number): string {
	const both = (['utc', 'local'] as const).map(
		(zone) => `${day(us, zone)} ${hms(us, zone)} ${zoneName(zone, us)}`
	);
	return `${both.join('\n')}\n${ago(us, nowUs)}`;
}

/** For `<time datetime>`. */
export function iso(us: number): string {
	return new Date(us / MS).toISOString();
}

function twoUnits(us: number, big: number, bigName: string, small: number, smallName: string): string {
	const rest = Math.floor((us % big) / small);
	const first = `${Math.floor(us / big)}${THIN}${bigName}`;
	return rest === 0 ? first : `${first} ${rest}${THIN}${smallName}`;
}

function hms(us: number, zone: Zone): string {
	return new Intl.DateTimeFormat('en-GB', {
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hourCycle: 'h23',
		timeZone: zone === 'utc' ? 'UTC' : undefined
	}).format(us / MS);
}

function day(us: number, zone: Zone): string {
	return new Intl.DateTimeFormat('en-CA', {
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		timeZone: zone === 'utc' ? 'UTC' : undefined
	}).format(us / MS);
}
