import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { encodeTickRequest, type TickHeader, type TickRequest } from '../../../shared/api/tick.ts';
import type { Door, DoorKind } from '../doors.ts';
import { type Fixture, makeFixture } from '../fixture.ts';
import { envelopeOf } from '../helpers.ts';

/** What the parts of the suite share: one dataset, opened through one door. They run in order, each on what the last left. */
export class ContractStage {
  fixture!: Fixture;
  door!: Door;
  /** Id of the dataset while it is open. */
  root = '';
  /** Of the last tick that was asked for. */
  sequence = 0;

  constructor(private readonly kind: DoorKind) {}

  async open(): Promise<void> {
    this.fixture = await makeFixture();
    this.door = await this.kind.open(this.fixture);
    this.root = (await this.door.client.roots.open({ grant: await this.door.grant(this.fixture.dataset) })).id;
  }

  async close(): Promise<void> {
    await this.door?.close();
    this.fixture?.remove();
  }

  good(): string {
    return `${this.root}/${this.fixture.good}`;
  }

  tickPath(more: Partial<TickRequest> = {}): string {
    const request = { episode: this.good(), tick: 0, streams: [{ stream: 'realsense/cam0/color' }], view: 'suite' };
    return `/api/tick?${encodeTickRequest({ ...request, sequence: ++this.sequence, direction: 0, ...more })}`;
  }

  async tick(more: Partial<TickRequest> = {}): Promise<{ header: TickHeader; body: Uint8Array }> {
    const response = await this.door.fetch(this.tickPath(more));
    expect(response.status, await response.clone().text()).toBe(200);
    return envelopeOf<TickHeader>(response);
  }

  /** Status of every recording in the library, by its path. */
  async listed(): Promise<Record<string, string>> {
    const { entries } = await this.door.client.library.get({ root: this.root });
    return Object.fromEntries(entries.map((entry) => [entry.path, entry.status]));
  }

  /** Digest of a file below the dataset. */
  hashOf(below: string): string {
    return createHash('sha256')
      .update(readFileSync(path.join(this.fixture.dataset, below)))
      .digest('hex');
  }
}
