import { Select } from '../design/index.ts';
import { type Draft, numberOf, rateOfText, sharesOfText, textOfRate, textOfShares } from './draft.ts';
import styles from './ExportDialog.module.css';
import { changeDraft } from './export-actions.ts';
import { useExport } from './export-state.ts';
import { Choices, ReadField, Section } from './fields.tsx';
import { TARGET_WORDS } from './words.ts';

const TARGETS = (['lerobot-v3.0', 'lerobot-v2.1', 'regrasp'] as const).map((value) => ({
  value,
  label: TARGET_WORDS[value],
}));
const RATES = [
  { value: 'native', label: 'As recorded: every tick a frame' },
  { value: 'grid', label: 'On a grid of' },
];
const WAYS = [
  { value: 'encode', label: 'Encode anew' },
  { value: 'copy', label: 'Copy packets as they are' },
];
const PRESETS = (['ultrafast', 'veryfast', 'fast', 'medium', 'slow'] as const).map((value) => ({
  value,
  label: value,
}));
const FAULTS = [
  { value: 'refuse', label: 'A recording that cannot be exported stops it' },
  { value: 'skip', label: 'A recording that cannot be exported is left out' },
];
const NUMBER = { write: (value: number) => (Number.isNaN(value) ? '' : String(value)), read: numberOf } as const;

/** How what is taken is written: streams, rate, targets, videos, split. */
export function OutputFields({ draft, faults }: { draft: Draft; faults: ReadonlyMap<string, string> }) {
  const { streams, rate, targets, video, split } = draft;
  return (
    <>
      <Section title="Targets">
        <Choices
          label="Targets"
          options={TARGETS}
          chosen={targets}
          fault={faults.get('targets')}
          onChange={(chosen) => changeDraft({ targets: chosen })}
        />
      </Section>
      <Section title="Streams and rate">
        <StreamChoices draft={draft} />
        <ReadField
          label="Pictures at most, pixels wide"
          value={streams.widthAtMostPx}
          write={(width) => (width === null || Number.isNaN(width) ? '' : String(width))}
          read={(text) => (text.trim() === '' ? null : numberOf(text))}
          inputMode="numeric"
          fault={faults.get('streams.widthAtMostPx')}
          onChange={(widthAtMostPx) => changeDraft({ streams: { ...streams, widthAtMostPx } })}
        />
        <Select
          label="Rate"
          value={rate === 'native' ? 'native' : 'grid'}
          options={RATES}
          onChange={(value) => changeDraft({ rate: value === 'native' ? 'native' : { numerator: 15, denominator: 1 } })}
        />
        {rate === 'native' ? null : (
          <ReadField
            label="Frames a second"
            value={rate}
            write={textOfRate}
            read={rateOfText}
            fault={faults.get('rate')}
            onChange={(grid) => changeDraft({ rate: grid })}
          />
        )}
      </Section>
      <Section title="Videos">
        <Select
          label="Way of the videos"
          value={video.way}
          options={WAYS}
          onChange={(way) => changeDraft({ video: { ...video, way: way as typeof video.way } })}
        />
        {video.way === 'encode' ? (
          <div className={styles.triple}>
            <ReadField
              label="CRF"
              value={video.crf}
              {...NUMBER}
              inputMode="numeric"
              fault={faults.get('video.crf')}
              onChange={(crf) => changeDraft({ video: { ...video, crf } })}
            />
            <ReadField
              label="Key frame every"
              value={video.keyframeEvery}
              {...NUMBER}
              inputMode="numeric"
              fault={faults.get('video.keyframeEvery')}
              onChange={(keyframeEvery) => changeDraft({ video: { ...video, keyframeEvery } })}
            />
            <div className={styles.labelled}>
              <span aria-hidden>Preset</span>
              <Select
                label="Preset"
                value={video.preset}
                options={PRESETS}
                onChange={(preset) => changeDraft({ video: { ...video, preset: preset as typeof video.preset } })}
              />
            </div>
          </div>
        ) : null}
      </Section>
      <Section title="Split">
        <ReadField
          label="Parts and their shares"
          value={split.shares}
          write={textOfShares}
          read={sharesOfText}
          fault={faults.get('split.shares')}
          onChange={(shares) => changeDraft({ split: { ...split, shares } })}
        />
        <div className={styles.pair}>
          <ReadField
            label="Together by property"
            value={split.togetherBy}
            write={(key) => key ?? ''}
            read={(text) => (text.trim() === '' ? null : text.trim())}
            onChange={(togetherBy) => changeDraft({ split: { ...split, togetherBy } })}
          />
          <ReadField
            label="Seed"
            value={split.seed}
            write={(seed) => seed}
            read={(text) => text}
            onChange={(seed) => changeDraft({ split: { ...split, seed } })}
          />
        </div>
        <Select
          label="Faulty recordings"
          value={draft.onFault}
          options={FAULTS}
          onChange={(onFault) => changeDraft({ onFault: onFault as Draft['onFault'] })}
        />
      </Section>
    </>
  );
}

/** None chosen: all of them. */
function StreamChoices({ draft: { streams } }: { draft: Draft }) {
  const known = useExport(({ plan }) => plan?.streams);
  const options = (known ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const missing = streams.ids.filter((id) => !options.some(({ value }) => value === id));
  return (
    <Choices
      label="Streams"
      caption="Streams, none chosen for all"
      options={[...options, ...missing.map((id) => ({ value: id, label: id }))]}
      chosen={streams.ids}
      onChange={(ids) => changeDraft({ streams: { ...streams, ids } })}
    />
  );
}
