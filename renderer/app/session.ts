import { create } from 'zustand';
import type { Job } from '../../shared/api/jobs.ts';
import type { LibraryEntry, Root } from '../../shared/api/library.ts';
import type { DatasetSettings, UserSettings } from '../../shared/api/settings.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import type { Calibration } from '../../shared/geometry/calibration.ts';
import type { Review } from '../../shared/review/review.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import type { Player } from '../playback/player.ts';

/**
 * What the window knows. Plain state; the functions that change it live beside the thing they serve
 * (renderer/app/episodes.ts, renderer/review …). Playback position is not here: see playback/player.ts.
 */
export interface Session {
  /** "locked" when the workstation was started anew and wants the key it printed then. */
  connection: 'connecting' | 'live' | 'lost' | 'locked';
  roots: Root[];
  /** What people call the formats, by their ids. */
  formats: Readonly<Record<string, string>>;
  root: string | null;
  entries: ReadonlyMap<string, LibraryEntry>;
  open: OpenEpisode | null;
  /** Episode being opened, and the sentence when it failed. */
  opening: string | null;
  openFault: {
    episode: string;
    message: string;
    /** What could be read all the same of a recording that has no moment to show. */
    described?: Episode | undefined;
  } | null;
  userSettings: UserSettings;
  datasetSettings: DatasetSettings | null;
  jobs: Job[];
  review: Review | null;
  /** "saving" while a gesture is on its way; a sentence when it could not be kept. */
  saveState: 'idle' | 'saving' | { fault: string };
  notices: Notice[];
}

export interface OpenEpisode {
  episode: Episode;
  revision: string;
  fingerprint: string | null;
  player: Player;
  /** Numbers by "<kind>:<id>", fetched at open: clock times, track poses, series values. */
  arrays: ReadonlyMap<string, EpisodeArrays>;
  calibrations: Calibration[];
  /** Ticks painted in earlier sittings, normal form; those of this sitting are player.seen(). */
  seenBefore: readonly TickRange[];
}

export interface EpisodeArrays {
  times: Float64Array;
  /** poses (7 a row) or values (components a row); empty for a clock. */
  values: Float64Array;
  width: number;
}

export interface Notice {
  id: number;
  tone: 'info' | 'good' | 'bad';
  text: string;
  action?: NoticeAction | undefined;
}

/** What a person can do about a notice: "Undo". It goes away with it. */
export interface NoticeAction {
  label: string;
  run(): void;
}

/**
 * Whether a review is of the recording on screen. The file under an episode can be replaced: for a moment what is shown and
 * what the workstation has open are two recordings.
 */
export function isOfOpenRecording(episode: string, review: Review): boolean {
  const { open } = useSession.getState();
  return open?.episode.id === episode && open.fingerprint === review.fingerprint;
}

export const useSession = create<Session>(() => ({
  connection: 'connecting',
  roots: [],
  formats: {},
  root: null,
  entries: new Map(),
  open: null,
  opening: null,
  openFault: null,
  userSettings: {
    theme: 'system',
    annotator: 'annotator',
    keys: {},
    performanceReadout: false,
    cacheBytes: 256e6,
    recent: [],
  },
  datasetSettings: null,
  jobs: [],
  review: null,
  saveState: 'idle',
  notices: [],
}));
