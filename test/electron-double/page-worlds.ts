/**
 * The page's side of the double: two functions that are sent to Chromium as text, so each stands alone. The preload runs
 * in an isolated world and the page in the main one; they talk through events on the window they share, whose details
 * Chromium clones between worlds (files too), as Electron's context bridge does.
 */

type Encoded = { function: number } | { list: Encoded[] } | { record: Record<string, Encoded> } | { plain: unknown };

interface WireCall {
  call: number;
  function: number;
  values: Encoded[];
}

/** Installs `window[name]` for whatever the preload exposes. */
export function installMainWorld(): void {
  if (window.top !== window) return;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const callbacks: ((...values: unknown[]) => unknown)[] = [];
  let calls = 0;
  let answered: { call: number; value?: Encoded; promise?: boolean; fault?: string } | undefined;

  const encode = (value: unknown): Encoded => {
    if (typeof value === 'function') return { function: callbacks.push(value as never) - 1 };
    if (Array.isArray(value)) return { list: value.map(encode) };
    return { plain: value };
  };
  const decode = (value: Encoded): unknown => {
    if ('function' in value) return (...values: unknown[]) => invoke(value.function, values);
    if ('list' in value) return Object.freeze(value.list.map(decode));
    if ('record' in value) {
      return Object.freeze(Object.fromEntries(Object.entries(value.record).map(([key, part]) => [key, decode(part)])));
    }
    return value.plain;
  };
  const invoke = (target: number, values: unknown[]): unknown => {
    calls += 1;
    const call = calls;
    const detail: WireCall = { call, function: target, values: values.map(encode) };
    window.dispatchEvent(new CustomEvent('double-call', { detail }));
    const result = answered;
    answered = undefined;
    if (result?.call !== call) throw new Error('The preload has gone.');
    if (result.fault !== undefined) throw new Error(result.fault);
    if (!result.promise) return result.value && decode(result.value);
    return new Promise((resolve, reject) => waiting.set(call, { resolve, reject }));
  };
  const listen = (name: string, hear: (detail: never) => void) =>
    window.addEventListener(name, (event) => hear((event as CustomEvent).detail as never));

  listen('double-expose', ({ name, value }: { name: string; value: Encoded }) => {
    Object.defineProperty(window, name, { value: decode(value), enumerable: true });
  });
  listen('double-answer', (answer: NonNullable<typeof answered>) => {
    answered = answer;
  });
  listen('double-settle', ({ call, value, fault }: { call: number; value?: Encoded; fault?: string }) => {
    const promise = waiting.get(call);
    waiting.delete(call);
    if (fault !== undefined) promise?.reject(new Error(fault));
    else promise?.resolve(value && decode(value));
  });
  listen('double-callback', ({ callback, values }: { callback: number; values: Encoded[] }) => {
    callbacks[callback]?.(...values.map(decode));
  });
}

/** Runs the preload with the modules a sandboxed preload has. `binding` names the way out to the test. */
export function installPreloadWorld(
  preload: (require: (name: string) => unknown, module: object, exports: object) => void,
  binding: string,
): void {
  if (window.top !== window) return;
  const send = (globalThis as unknown as Record<string, (text: string) => void>)[binding]!;
  const functions: ((...values: unknown[]) => unknown)[] = [];
  const channels = new Map<string, ((event: unknown, ...values: unknown[]) => void)[]>();
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const pathsOfFiles = new Map<string, string>();
  let invocations = 0;

  const dispatch = (name: string, detail: unknown) => window.dispatchEvent(new CustomEvent(name, { detail }));
  const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
  const encode = (value: unknown): Encoded => {
    if (typeof value === 'function') return { function: functions.push(value as never) - 1 };
    if (Array.isArray(value)) return { list: value.map(encode) };
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return { record: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, encode(part)])) };
    }
    return { plain: value };
  };
  const decode = (value: Encoded): unknown => {
    if ('function' in value) {
      return (...values: unknown[]) =>
        void dispatch('double-callback', { callback: value.function, values: values.map(encode) });
    }
    if ('list' in value) return value.list.map(decode);
    return 'plain' in value ? value.plain : undefined;
  };

  window.addEventListener('double-call', (event) => {
    const { call, function: target, values } = (event as CustomEvent<WireCall>).detail;
    try {
      const result = functions[target]!(...values.map(decode));
      if (result instanceof Promise) {
        result.then(
          (value) => dispatch('double-settle', { call, value: encode(value) }),
          (error) => dispatch('double-settle', { call, fault: textOf(error) }),
        );
        dispatch('double-answer', { call, promise: true });
      } else dispatch('double-answer', { call, value: encode(result) });
    } catch (error) {
      dispatch('double-answer', { call, fault: textOf(error) });
    }
  });

  Object.assign(globalThis, {
    doubleReceive(message: { type: string; id?: number; value?: unknown; fault?: string } & Record<string, unknown>) {
      if (message.type === 'send') {
        for (const listener of channels.get(message.channel as string) ?? []) {
          listener({}, ...(message.values as unknown[]));
        }
      } else if (message.type === 'files') {
        for (const [name, place] of message.value as [string, string][]) pathsOfFiles.set(name, place);
      } else {
        const promise = pending.get(message.id!);
        pending.delete(message.id!);
        if (message.fault !== undefined) promise?.reject(new Error(message.fault));
        else promise?.resolve(message.value);
      }
    },
  });

  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, value: unknown) =>
        void dispatch('double-expose', { name, value: encode(value) }),
    },
    ipcRenderer: {
      invoke: (channel: string, ...values: unknown[]) => {
        invocations += 1;
        const id = invocations;
        send(JSON.stringify({ id, channel, values }));
        return new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
      },
      on: (channel: string, listener: (event: unknown, ...values: unknown[]) => void) => {
        channels.set(channel, [...(channels.get(channel) ?? []), listener]);
      },
    },
    webUtils: {
      getPathForFile: (file: unknown) => {
        if (!(file instanceof File)) throw new TypeError('getPathForFile expected to receive a File object');
        return pathsOfFiles.get(file.name) ?? '';
      },
    },
  };
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
  preload(require, { exports: {} }, {});
}
