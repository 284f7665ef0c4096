/** Which dialog is open? */

export type DialogName = 'halt' | 'resume' | 'help' | 'more';

class Ui {
	dialog = $state<DialogName | null>(null);

	open(name: DialogName): void {
		this.dialog = name;
	}

	close(): void {
		this.dialog = null;
	}
}

export const ui = new Ui();
