/** What did the reader choose, and what does the browser remember of it? */

import type { Unit } from './format';
import type { Zone } from './time';

export type Theme = 'system' | 'dark' | 'light';

interface Stored {
	theme: Theme;
	unit: Unit;
	zone: Zone;
	singleKeys: boolean;
	tourDone: boolean;
}

const KEY = 'foreshock.settings';
const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

class Settings {
	theme = $state<Theme>('system');
	unit = $state<Unit>('cents');
	zone = $state<Zone>('utc');
	singleKeys = $state(true);
	tourDone = $state(false);

	/** Reads what is stored; anything odd counts as absent. */
	load(): void {
		const stored = read();
		if (THEMES.includes(stored.theme as Theme)) this.theme = stored.theme as Theme;
		if (stored.unit === 'percent') this.unit = 'percent';
		if (stored.zone === 'local') this.zone = 'local';
		if (stored.singleKeys === false) this.singleKeys = false;
		if (stored.tourDone === true) this.tourDone = true;
	}

	/** Writes to the browser and to the page; a browser without storage forgets. */
	save(): void {
		const { theme, unit, zone, singleKeys, tourDone } = this;
		const root = document.documentElement;
		if (theme === 'system') delete root.dataset.theme;
		else root.dataset.theme = theme;
		try {
			localStorage.setItem(KEY, JSON.stringify({ theme, unit, zone, singleKeys, tourDone }));
		} catch {
			// Storage refused: the choice lasts as long as the page.
		}
	}

	nextTheme(): void {
		this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? 'system';
		this.save();
	}

	toggleUnit(): void {
		this.unit = this.unit === 'cents' ? 'percent' : 'cents';
		this.save();
	}

	toggleZone(): void {
		this.zone = this.zone === 'utc' ? 'local' : 'utc';
		this.save();
	}
}

function read(): Partial<Stored> {
	try {
		const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
		return typeof found === 'object' && found !== null ? found : {};
	} catch {
		return {};
	}
}

export const settings = new Settings();
