import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoorKind } from './doors.ts';
import { describeBundles } from './suite/bundles.ts';
import { describeEpisodes } from './suite/episodes.ts';
import { describeEvents } from './suite/events.ts';
import { describeFindings } from './suite/findings.ts';
import { describeForeign } from './suite/foreign.ts';
import { describeFormats } from './suite/formats.ts';
import { describeGrantedPart } from './suite/granted-part.ts';
import { describeJobs } from './suite/jobs.ts';
import { describeLibrary } from './suite/library.ts';
import { describeMemory } from './suite/memory.ts';
import { describeNumbers } from './suite/numbers.ts';
import { describeOutputs } from './suite/outputs.ts';
import { describePages } from './suite/pages.ts';
import { describeReviews } from './suite/reviews.ts';
import { describeSettings } from './suite/settings.ts';
import { ContractStage } from './suite/stage.ts';
import { describeTicks } from './suite/ticks.ts';
import { describeVideo } from './suite/video.ts';
import { describeWorkstation } from './suite/workstation.ts';

/** What every door must do: the same sentences, bytes and refusals, however the request came in. A file a resource. */
export function describeContract(kind: DoorKind): void {
  describe(`the contract, through ${kind.name}`, () => {
    const stage = new ContractStage(kind);
    let hashAtStart: string;

    beforeAll(async () => {
      await stage.open();
      hashAtStart = stage.hashOf(stage.fixture.good);
    });
    afterAll(() => stage.close());

    describePages(stage);
    describeLibrary(stage);
    describeEpisodes(stage);
    describeTicks(stage);
    describeNumbers(stage);
    describeReviews(stage);
    describeMemory(stage);
    describeSettings(stage);
    describeBundles(stage);
    describeJobs(stage);
    describeWorkstation(stage);
    describeEvents(stage);
    describeGrantedPart(stage);
    // Opens a dataset of its own and starts jobs, which the parts before count.
    describeVideo(stage);
    describeFormats(stage);
    describeForeign(stage);
    describeFindings(stage);
    describeOutputs(stage);

    it('left the recordings as they were', () => {
      const { fixture } = stage;
      expect(stage.hashOf(fixture.good)).toBe(hashAtStart);
      expect(readdirSync(path.join(fixture.dataset, path.dirname(fixture.good))).sort()).toEqual(
        [fixture.good, fixture.notHdf5, fixture.linked].map((below) => path.basename(below)).sort(),
      );
    });
  });
}
