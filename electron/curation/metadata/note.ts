import { FLAGS } from '../../../shared/review/finding.ts';
import { FLAG_WORDS, ticksText } from '../../../shared/review/flags.ts';
import type { EpisodeFlag, SessionFacts } from './session-facts.ts';

/** An episode's entry in bad_frames.json, as far as notes speak of it. */
export type BadEntry = Record<string, unknown> & { total_bad_frames?: unknown };

const MODE_WORDS: Record<string, string> = {
  intensity_spikes: 'LED flicker',
  pose_teleports_L: 'pose teleport (left)',
  pose_teleports_R: 'pose teleport (right)',
  ot_loss_L: 'OT loss (left)',
  ot_loss_R: 'OT loss (right)',
  pipeline_stall: 'recorder stall',
};

/** The summary of a session for `per_date_notes`: hands, episodes, what detectors found and what operators flagged. */
export function noteOf(facts: SessionFacts, entryOf: (stem: string) => BadEntry | undefined): string {
  const [first] = facts.activeSensors;
  const hands = facts.activeSensors.length === 2 ? 'bimanual' : `${first ?? 'no'} hand only`;
  const isSure = facts.activeFrom === 'flags' || facts.activeFrom === 'person';
  const guessed = isSure ? '' : ' (guessed from the data, to be confirmed)';
  const parts = [
    `${hands}${guessed}`,
    `${facts.episodes.length} ${facts.episodes.length === 1 ? 'episode' : 'episodes'}`,
  ];
  return [...parts, ...foundLines(facts, entryOf), ...flagLines(facts.flags)].join('; ');
}

function foundLines({ episodes }: SessionFacts, entryOf: (stem: string) => BadEntry | undefined): string[] {
  const byMode = new Map<string, string[]>();
  for (const { stem } of episodes) {
    const entry = entryOf(stem);
    for (const mode of Object.keys(MODE_WORDS)) {
      const intervals = entry?.[mode];
      if (Array.isArray(intervals) && intervals.length > 0)
        byMode.set(mode, [...(byMode.get(mode) ?? []), short(stem)]);
    }
  }
  return [...byMode].map(([mode, stems]) => `${MODE_WORDS[mode]} in ${listed(stems)}`);
}

/** A kind a line, with how often it was flagged where that is more than once, and where: "2 × occlusion: ep_001 at tick 12, ep_004 at ticks 3-40". */
export function flagLines(flags: readonly EpisodeFlag[]): string[] {
  return FLAGS.filter((kind) => kind !== 'active_side').flatMap((kind) => {
    const places = flags.filter((flag) => flag.kind === kind).map(placeOf);
    if (places.length === 0) return [];
    return [
      `${places.length === 1 ? `${FLAG_WORDS[kind]} in` : `${places.length} × ${FLAG_WORDS[kind]}:`} ${listed(places)}`,
    ];
  });
}

function placeOf({ episode, ticks, text }: EpisodeFlag): string {
  return `${short(episode)} at ${ticksText(ticks)}${text ? ` (${text})` : ''}`;
}

/** "ep_017" of "episode_017". */
function short(stem: string): string {
  return stem.replace(/^episode_/, 'ep_');
}

function listed(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

/** What docs/caveats.md says of a session; null where nobody noted an anomaly and nothing is new. */
export function caveatsEntry(facts: SessionFacts, newModes: readonly string[]): string | null {
  const lines = [
    ...flagLines(facts.flags),
    ...newModes.map((mode) => `${mode} was found for the first time: describe when it happens and what to do with it`),
  ];
  if (lines.length === 0) return null;
  return `## ${facts.task}, ${facts.date}\n\n${lines.map((line) => `- ${line}.`).join('\n')}\n`;
}
