/** What does a screen reader hear? Few, short summaries; never the ticking of prices. */

export const SUMMARY_MS_MIN = 10_000;

class Live {
	status = $state('');
	alert = $state('');
	private lastSummaryMs = -SUMMARY_MS_MIN;
	private timer: ReturnType<typeof setTimeout> | undefined;

	/** An answer to what the reader just did: at once. */
	say(words: string): void {
		this.status = words;
	}

	/** News: at most one summary in ten seconds, the newest wins. */
	summarise(words: string): void {
		clearTimeout(this.timer);
		const wait = this.lastSummaryMs + SUMMARY_MS_MIN - performance.now();
		const speak = () => {
			this.lastSummaryMs = performance.now();
			this.status = words;
		};
		if (wait <= 0) speak();
		else this.timer = setTimeout(speak, wait);
	}

	/** Something a person must act on. */
	cry(words: string): void {
		this.alert = words;
	}
}

export const live = new Live();
