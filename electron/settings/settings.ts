import { userInfo } from 'node:os';
import path from 'node:path';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import {
  type DatasetSettings,
  datasetSettingsSchema,
  type UserSettings,
  userSettingsSchema,
} from '../../shared/api/settings.ts';
import { Fault } from '../fault.ts';
import { JsonStore } from './json-store.ts';

export interface SettingsOptions {
  userDataDir: string;
  /** Folder in which a root's settings are kept; throws Fault when the root is not open. */
  storageOf(root: string): string;
  emit(event: WorkstationEvent): void;
  onNotice(sentence: string): void;
}

const RECENT_LIMIT = 12;

/** User settings of this install and dataset settings of each root, with change events. */
export class Settings {
  private readonly userStore: JsonStore<typeof userSettingsSchema>;
  private readonly datasetStores = new Map<string, JsonStore<typeof datasetSettingsSchema>>();

  constructor(private readonly options: SettingsOptions) {
    const schema = userSettingsSchema.extend({
      annotator: userSettingsSchema.shape.annotator.removeDefault().default(loginName()),
    });
    this.userStore = new JsonStore(
      path.join(options.userDataDir, 'settings.json'),
      schema as unknown as typeof userSettingsSchema,
      options.onNotice,
    );
  }

  user(): Promise<UserSettings> {
    return this.userStore.get();
  }

  /** As last read, for callers that cannot wait. */
  lastDataset(root: string): DatasetSettings | undefined {
    return this.datasetStores.get(root)?.last();
  }

  /** Replaces the named top-level keys. "recent" is the workstation's own and cannot be written from a window. */
  async patchUser(patch: Record<string, unknown>): Promise<UserSettings> {
    if ('recent' in patch) throw new Fault('REFUSED', 'The list of recent datasets is kept by the workstation itself.');
    return this.changeUser((raw) => ({ ...raw, ...patch }));
  }

  async remember(grant: string, shownPath: string): Promise<void> {
    await this.changeUser((raw) => {
      const before = Array.isArray(raw.recent) ? (raw.recent as UserSettings['recent']) : [];
      const others = before.filter((entry) => entry.grant !== grant && entry.path !== shownPath);
      return { ...raw, recent: [{ grant, path: shownPath }, ...others].slice(0, RECENT_LIMIT) };
    });
  }

  dataset(root: string): Promise<DatasetSettings> {
    return this.datasetStore(root).get();
  }

  /** Merges one level deep; null removes a key at either level. */
  async patchDataset(root: string, patch: Record<string, unknown>): Promise<DatasetSettings> {
    const settings = await this.datasetStore(root).update((raw) => mergeOneLevel(raw, patch));
    this.options.emit({ type: 'dataset-settings', root, settings });
    return settings;
  }

  /** Forgets a closed root's file (its place may differ when it is opened again). */
  close(root: string): void {
    this.datasetStores.delete(root);
  }

  /** Resolves when every change that was asked for is on disk, or was refused. */
  async settled(): Promise<void> {
    await Promise.all([this.userStore, ...this.datasetStores.values()].map((store) => store.settled()));
  }

  private async changeUser(change: (raw: Record<string, unknown>) => Record<string, unknown>): Promise<UserSettings> {
    const settings = await this.userStore.update(change);
    this.options.emit({ type: 'user-settings', settings });
    return settings;
  }

  private datasetStore(root: string): JsonStore<typeof datasetSettingsSchema> {
    const file = path.join(this.options.storageOf(root), 'settings.json');
    const known = this.datasetStores.get(root);
    if (known) return known;
    const store = new JsonStore(file, datasetSettingsSchema, this.options.onNotice);
    this.datasetStores.set(root, store);
    return store;
  }
}

export function mergeOneLevel(raw: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...raw };
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    const before = merged[key];
    if (value === null) delete merged[key];
    else if (isPlainObject(value)) {
      merged[key] = withoutNulls({ ...(isPlainObject(before) ? before : {}), ...value });
    } else merged[key] = value;
  }
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

function loginName(): string {
  try {
    return userInfo().username.slice(0, 64) || 'annotator';
  } catch {
    return 'annotator';
  }
}
