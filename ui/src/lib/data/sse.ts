/** What did the stream say? Server-sent events from bytes, and whether one was missed. */

export interface StreamEvent {
	id: string;
	kind: string;
	data: string;
}

/** Longest event kept while it is incomplete; beyond it the stream is not ours. */
export const BUFFER_MAX = 32 * 1024 * 1024;

/** Feeds on decoded text of any cut; returns the events that are now complete. */
export class EventParser {
	private rest = '';
	private id = '';

	/** Throws RangeError when an event grows beyond BUFFER_MAX. */
	push(text: string): StreamEvent[] {
		this.rest += text;
		if (this.rest.length > BUFFER_MAX) throw new RangeError('event stream: event too long');
		const blocks = this.rest.split(/\r\n\r\n|\n\n|\r\r/);
		this.rest = blocks.pop() ?? '';
		return blocks.map((block) => this.parse(block)).filter((event) => event !== null);
	}

	private parse(block: string): StreamEvent | null {
		let kind = 'message';
		const data: string[] = [];
		for (const line of block.split(/\r\n|\n|\r/)) {
			const [field, value] = split(line);
			if (field === 'event') kind = value;
			else if (field === 'data') data.push(value);
			else if (field === 'id') this.id = value;
		}
		return data.length === 0 ? null : { id: this.id, kind, data: data.join('\n') };
	}
}

/** Watches one connection's sequence numbers: the page obeys the same gap rule as a venue's feed. */
export class SequenceWatch {
	private last: number | null = null;

	/** Whether the numbers before `id` were not all seen. The first of a connection never is a gap. */
	isGap(id: string): boolean {
		if (!/^\d+$/.test(id)) return false;
		const previous = this.last;
		this.last = Number(id);
		return previous !== null && this.last !== previous && this.last !== previous + 1;
	}
}

function split(line: string): [field: string, value: string] {
	const colon = line.indexOf(':');
	if (colon < 0) return [line, ''];
	const value = line.slice(colon + 1);
	return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}
