import { Menu } from 'electron';
import { type MenuInputs, menuTemplate } from './menu-template.ts';

/**
 * Keeps the application menu as the window says. Only what Electron can change in place (enabled, checked) is changed in
 * place; labels, keys and recent datasets need a new menu, which closes one that is open, so that is done only on a change.
 */
export class ApplicationMenu {
  #inputs: MenuInputs;
  #menu: Menu | null = null;
  #shape = '';

  constructor(inputs: MenuInputs) {
    this.#inputs = inputs;
    this.#apply();
  }

  update(changed: Partial<Pick<MenuInputs, 'state' | 'recent' | 'keys'>>): void {
    this.#inputs = { ...this.#inputs, ...changed };
    this.#apply();
  }

  #apply(): void {
    const { state, recent, keys } = this.#inputs;
    const shape = JSON.stringify([state?.undoName, state?.redoName, recent, keys]);
    const template = menuTemplate(this.#inputs);
    if (!this.#menu || shape !== this.#shape) {
      this.#shape = shape;
      this.#menu = Menu.buildFromTemplate(template);
      Menu.setApplicationMenu(this.#menu);
      return;
    }
    for (const entry of template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))) {
      const item = entry.id === undefined ? null : this.#menu.getMenuItemById(entry.id);
      if (!item) continue;
      item.enabled = entry.enabled ?? true;
      if (entry.type === 'checkbox') item.checked = entry.checked ?? false;
    }
  }
}
