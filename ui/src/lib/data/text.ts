/**
 * What may foreign text do on this page? Nothing but be read.
 *
 * Market titles, rules and reasons come from venues. They are shown as text nodes only; what could
 * reorder, hide or overprint text is replaced by a visible mark where the JSON is parsed, once.
 */

const MARK = '\uFFFD';
/** Control characters (but tab and newline), bidi controls, invisible fillers, tag characters. */
const HOSTILE =
	/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]|[\uD800-\uDFFF]/gu;
const STACKED = /(\p{M}{3})\p{M}+/gu;
const PLAIN = /^[\t\n\x20-\x7E]*$/;

/** `text` with every character that could deceive made visible; `\r\n` counts as a newline. */
export function clean(text: string): string {
	if (PLAIN.test(text)) return text;
	return text.replace(/\r\n?/g, '\n').replace(HOSTILE, MARK).replace(STACKED, '$1');
}

/** JSON.parse with every string and key cleaned. Throws SyntaxError as JSON.parse does. */
export function parseClean(json: string): unknown {
	if (PLAIN.test(json) && !json.includes('\\u')) return JSON.parse(json);
	return JSON.parse(json, (_key, value: unknown) => {
		if (typeof value === 'string') return clean(value);
		if (isRecord(value)) return withCleanKeys(value);
		return value;
	});
}

function withCleanKeys(record: Record<string, unknown>): Record<string, unknown> {
	const keys = Object.keys(record);
	if (keys.every((key) => PLAIN.test(key))) return record;
	return Object.fromEntries(keys.map((key) => [clean(key), record[key]]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
