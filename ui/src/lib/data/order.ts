/** In which order do rows stand? Sorted, unless a pointer or the focus rests on them. */

export interface Held<T> {
	rows: T[];
	/** Ids that left the list while it was held: shown where they stood, marked as gone. */
	gone: Set<string>;
}

/**
 * The rows to show. While `held`, rows of `before` keep their places (with new content), those that
 * left stay with their last content, and newcomers go to the end.
 */
export function arrange<T extends { id: string }>(
	next: readonly T[],
	before: readonly T[],
	held: boolean
): Held<T> {
	if (!held) return { rows: [...next], gone: new Set() };
	const fresh = new Map(next.map((row) => [row.id, row]));
	const stood = new Set(before.map((row) => row.id));
	const rows = before.map((row) => fresh.get(row.id) ?? row);
	const gone = new Set(before.filter((row) => !fresh.has(row.id)).map((row) => row.id));
	return { rows: [...rows, ...next.filter((row) => !stood.has(row.id))], gone };
}
