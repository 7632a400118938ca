import { type BrowserWindow, dialog } from 'electron';

/** Sentences of main for the person: kept until there is a window to show them on. The same sentence is shown once. */
export class Notices {
  readonly #said = new Set<string>();
  #window: BrowserWindow | null = null;

  say(sentence: string): void {
    if (this.#said.has(sentence)) return;
    this.#said.add(sentence);
    if (this.#window) show(this.#window, sentence);
  }

  showOn(window: BrowserWindow): void {
    this.#window = window;
    for (const sentence of this.#said) show(window, sentence);
  }
}

function show(window: BrowserWindow, message: string): void {
  if (window.isDestroyed()) return;
  void dialog.showMessageBox(window, { type: 'warning', title: 'Regrasp', message, buttons: ['OK'] });
}
