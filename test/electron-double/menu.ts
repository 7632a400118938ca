import type { MenuItemConstructorOptions } from 'electron';
import type { Exactly } from './emitter.ts';
import { answer } from './host.ts';
import type { MenuEntry } from './messages.ts';

class MenuItem implements Exactly<'MenuItem'> {
  readonly options: MenuItemConstructorOptions;
  readonly submenu: Menu | null;
  enabled: boolean;
  checked: boolean;

  constructor(options: MenuItemConstructorOptions) {
    if (!options.label && !options.role && options.type !== 'separator') {
      throw new Error('A menu item needs a label, a role or to be a separator.');
    }
    this.options = options;
    this.enabled = options.enabled ?? true;
    this.checked = options.checked ?? false;
    this.submenu = Array.isArray(options.submenu) ? Menu.buildFromTemplate(options.submenu) : null;
  }
}

export class Menu {
  readonly #items: MenuItem[];

  private constructor(items: MenuItem[]) {
    this.#items = items;
  }

  static buildFromTemplate(template: MenuItemConstructorOptions[]): Menu {
    return new Menu(template.map((options) => new MenuItem(options)));
  }

  static setApplicationMenu(menu: Menu | null): void {
    current = menu;
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.#items) {
      if (item.options.id === id) return item;
      const below = item.submenu?.getMenuItemById(id);
      if (below) return below;
    }
    return null;
  }

  static describe(menu: Menu | null): MenuEntry[] {
    return (menu ? menu.#items : []).map(({ options, submenu, enabled, checked }) => ({
      id: options.id ?? null,
      label: options.label ?? '',
      role: options.role ?? null,
      type: options.type ?? (submenu ? 'submenu' : 'normal'),
      enabled,
      checked,
      accelerator: options.accelerator?.toString() ?? null,
      registerAccelerator: options.registerAccelerator ?? true,
      entries: Menu.describe(submenu),
    }));
  }
}

let current: Menu | null = null;

answer('menu', () => Menu.describe(current));
answer('click', (id: string) => {
  const item = current?.getMenuItemById(id);
  if (!item) throw new Error(`The menu has no "${id}".`);
  if (!item.enabled) throw new Error(`"${id}" is disabled.`);
  if (item.options.type === 'checkbox') item.checked = !item.checked;
  (item.options.click as (() => void) | undefined)?.();
});
