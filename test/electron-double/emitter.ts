import { ELECTRON_SURFACE } from '../../electron/shell/electron-surface.ts';

export type SurfaceName = keyof typeof ELECTRON_SURFACE;
/** All listed members of an interface of Electron: a literal of this type can neither miss one nor add one. */
export type Exactly<Name extends SurfaceName> = Record<(typeof ELECTRON_SURFACE)[Name]['members'][number], unknown>;

type Listener = (...values: never[]) => void;

/** Listeners for the listed events of one interface; others are refused, as the double would never send them. */
export class Emitter {
  readonly #listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  readonly #name: SurfaceName;

  constructor(name: SurfaceName) {
    this.#name = name;
  }

  on = (event: string, listener: Listener): void => this.#add(event, listener, false);
  once = (event: string, listener: Listener): void => this.#add(event, listener, true);

  /** Answers whether a listener prevented the default. Extra fields of the event object come from `details`. */
  emit(event: string, details: Record<string, unknown> = {}, ...values: unknown[]): boolean {
    let prevented = false;
    const object = {
      ...details,
      preventDefault: () => {
        prevented = true;
      },
    };
    for (const entry of [...(this.#listeners.get(event) ?? [])]) {
      if (entry.once) this.#remove(event, entry.listener);
      (entry.listener as (...all: unknown[]) => void)(object, ...values);
    }
    return prevented;
  }

  #add(event: string, listener: Listener, once: boolean): void {
    const events: readonly string[] = ELECTRON_SURFACE[this.#name].events;
    if (!events.includes(event)) throw new Error(`"${event}" of ${this.#name} is not in electron-surface.ts.`);
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), { listener, once }]);
  }

  #remove(event: string, listener: Listener): void {
    const rest = (this.#listeners.get(event) ?? []).filter((entry) => entry.listener !== listener);
    this.#listeners.set(event, rest);
  }
}
