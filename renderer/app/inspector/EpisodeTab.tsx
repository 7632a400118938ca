import { OctagonX, TriangleAlert } from 'lucide-react';
import type { Clock, Episode, Stream } from '../../../shared/episode/episode.ts';
import { masterClockOf } from '../../../shared/episode/episode.ts';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import { Badge, Select, Tooltip } from '../../design/index.ts';
import { formatBytes, formatCount, formatDate, formatGap, formatRate } from '../format.ts';
import { StatedChip } from '../StatedDialog.tsx';
import { type OpenEpisode, useSession } from '../session.ts';
import { patchDatasetSettings } from '../settings.ts';
import { useProblems } from '../use-problems.ts';
import { Facts } from './Facts.tsx';
import styles from './Inspector.module.css';
import { Annotations, Marks, Told } from './RecordedSections.tsx';
import { Section } from './Section.tsx';

/** Problems first, then what was recorded: file, clocks, streams, numbers, attributes. */
export function EpisodeTab({ open }: { open: Pick<OpenEpisode, 'episode'> }) {
  const { episode } = open;
  const formats = useSession((session) => session.formats);
  const master = masterClockOf(episode);
  const durationNs = (master.lastNs ?? 0) - (master.firstNs ?? 0);
  return (
    <div className={styles.sections}>
      <Problems episode={episode} />
      <Told episode={episode} />
      <Marks episode={episode} />
      <Annotations episode={episode} />
      <Section title="Recording">
        {episode.asks.length > 0 ? (
          <div className={styles.row}>
            <StatedChip episode={episode} />
          </div>
        ) : null}
        <Facts
          facts={[
            ['File', episode.path],
            ['Size', formatBytes(episode.sizeBytes)],
            ['Recorded', formatDate(episode.createdAt)],
            ['Length', `${formatTime(durationNs)}, ${formatCount(master.count, 'tick')}`],
            ['Master clock', `${master.name}${master.basis === 'nominal' ? ' (nominal: no stamps recorded)' : ''}`],
            ['Format', formats[episode.format] ?? episode.format],
          ]}
        />
      </Section>
      <Section title="Clocks" count={episode.clocks.length}>
        <Clocks clocks={episode.clocks} master={episode.masterClock} />
      </Section>
      <Section title="Streams" count={episode.streams.length}>
        {episode.streams.map((stream) => (
          <StreamFacts key={stream.id} stream={stream} />
        ))}
      </Section>
      {episode.tracks.length + episode.series.length > 0 ? (
        <Section title="Poses and series" count={episode.tracks.length + episode.series.length}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Kind</th>
                <th scope="col">Samples</th>
              </tr>
            </thead>
            <tbody>
              {episode.tracks.map((track) => (
                <tr key={track.id}>
                  <td>{track.name}</td>
                  <td>{track.projected ? 'pose, projected' : 'pose'}</td>
                  <td>{track.count.toLocaleString('en-US')}</td>
                </tr>
              ))}
              {episode.series.map((series) => (
                <tr key={series.id}>
                  <td>{series.name}</td>
                  <td>{series.unit === '' ? 'series' : `series, ${series.unit}`}</td>
                  <td>{series.count.toLocaleString('en-US')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ) : null}
      {Object.keys(episode.metadata).length > 0 ? (
        <Section title="Metadata" count={Object.keys(episode.metadata).length}>
          <Facts facts={Object.entries(episode.metadata).map(([name, value]) => [name, linesOf(value)])} mono />
        </Section>
      ) : null}
    </div>
  );
}

function Problems({ episode }: { episode: Episode }) {
  const problems = useProblems(episode);
  if (problems.length === 0) return null;
  return (
    <Section title="Problems" count={problems.length}>
      <ul className={styles.problems}>
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.stream ?? ''} ${problem.message}`} data-severity={problem.severity}>
            {problem.severity === 'error' ? (
              <OctagonX size={14} aria-label="Error" />
            ) : (
              <TriangleAlert size={14} aria-label="Warning" />
            )}
            <span data-selectable>{problem.message}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Clocks({ clocks, master }: { clocks: readonly Clock[]; master: string }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Clock</th>
          <th scope="col">Mean rate</th>
          <th scope="col">Worst gap</th>
        </tr>
      </thead>
      <tbody>
        {clocks.map((clock) => (
          <tr key={clock.id}>
            <td>
              {clock.name} {clock.id === master ? <Badge tone="accent">master</Badge> : null}{' '}
              {clock.basis === 'nominal' ? <Badge tone="warning">nominal</Badge> : null}{' '}
              {clock.ascending ? null : (
                <Tooltip content="Its stamps run backwards somewhere: samples are looked up in their running maximum.">
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip has to be reachable by keyboard */}
                  <span tabIndex={0}>
                    <Badge tone="warning">not ascending</Badge>
                  </span>
                </Tooltip>
              )}
              <div className={styles.under}>
                {formatCount(clock.count, 'stamp')}
                {clock.medianPeriodNs === null ? null : (
                  <>
                    , <span className={styles.whole}>median {formatGap(clock.medianPeriodNs)}</span>
                  </>
                )}
              </div>
            </td>
            <td>{formatRate(clock)}</td>
            <td>{formatGap(clock.worstGapNs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ORDERS = [
  { value: 'rgb', label: 'RGB' },
  { value: 'bgr', label: 'BGR' },
];

function StreamFacts({ stream }: { stream: Stream }) {
  const chosen = useSession((session) => session.datasetSettings?.orders[stream.id]);
  const isSwitched = chosen !== undefined && chosen !== stream.order;
  return (
    <div className={styles.stream}>
      <div className={styles.streamHead}>
        <h3 className={styles.streamName}>{stream.name}</h3>
        {stream.position ? <Badge>{stream.position}</Badge> : null}
        {stream.order === null ? null : (
          <Select
            label={`Channel order of ${stream.name}`}
            size="s"
            value={chosen ?? stream.order}
            options={ORDERS}
            onChange={(value) =>
              void patchDatasetSettings({ orders: { [stream.id]: value === stream.order ? null : value } })
            }
          />
        )}
      </div>
      {stream.fault ? (
        <p className={styles.fault} data-selectable>
          {stream.fault}
        </p>
      ) : null}
      <Facts
        mono
        facts={[
          ['Id', stream.id],
          ['Shape', `${stream.shape.join(' × ')} ${stream.dtype}`],
          // Only HDF5 knows of chunks; there "none" is the filter of what is stored in one piece.
          ...(stream.chunk || (stream.filter === 'none' && !stream.video)
            ? [['Chunk', stream.chunk ? stream.chunk.join(' × ') : 'contiguous'] as const]
            : []),
          [stream.video ? 'Video' : 'Filter', stream.filter],
          ...(stream.video?.notes ?? []).map((note) => ['Note', note] as const),
          ...(isSwitched
            ? [['Order', `${stream.order?.toUpperCase()} documented, ${chosen.toUpperCase()} chosen`] as const]
            : []),
          ...(stream.encoding === 'jpeg' ? [['Encoding', 'one JPEG a sample'] as const] : []),
          ...(stream.serial ? [['Serial', stream.serial] as const] : []),
        ]}
      />
    </div>
  );
}

/** What is named by keys stands a line each; anything else as JSON has it. */
function linesOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return textOf(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${textOf(inner)}`)
    .join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
