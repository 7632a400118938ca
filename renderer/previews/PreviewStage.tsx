import { Clapperboard, FilmIcon, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { outputAddress, type RecordingOutputs } from '../../shared/api/outputs.ts';
import { Button, EmptyState, Spinner } from '../design/index.ts';
import { makeOne, useMaking } from './making.ts';
import { useOutputs } from './outputs-state.ts';
import styles from './Previews.module.css';
import { isPlayable, isWanting } from './playlist.ts';
import type { PreviewState } from './preview-player.ts';
import { placeIn, player, useWatching } from './preview-state.ts';

export function usePlayerState<Part extends string | number | boolean | null>(partOf: (state: PreviewState) => Part) {
  return useSyncExternalStore(player.subscribe, () => partOf(player.state()));
}

/** The picture: 1280 × 480, never cropped; or why there is none, and what to do. */
export function PreviewStage() {
  const current = useWatching((watching) => watching.current);
  const recording = useOutputs(({ recordings }) => recordings.find(({ episode }) => episode === current));
  const video = useRef<HTMLVideoElement>(null);
  const isReady = usePlayerState((state) => state.isReady);
  const fault = usePlayerState((state) => state.fault);
  const tag = recording?.preview.tag ?? null;
  const ticks = recording?.ticks ?? 0;
  const address = current !== null && tag !== null ? outputAddress({ episode: current, kind: 'preview', tag }) : '';

  useEffect(() => {
    player.attach(video.current);
    return () => player.attach(null);
  }, []);
  useEffect(() => {
    const at = current === null ? 0 : placeIn(current);
    const { playsOn: plays } = useWatching.getState();
    player.load(address, ticks, { at, plays });
    // Who comes back later finds the picture at rest.
    if (plays) useWatching.setState({ playsOn: false });
  }, [address, ticks, current]);

  return (
    <div className={styles.stage}>
      <video
        ref={video}
        className={styles.video}
        aria-label={`Preview of ${recording?.name ?? 'nothing'}`}
        muted
        playsInline
        preload="auto"
        hidden={address === '' || fault !== null}
        onClick={() => player.toggle()}
      />
      {recording && !isPlayable(recording.preview) ? <Missing recording={recording} /> : null}
      {recording && fault !== null ? <Fault recording={recording} address={address} fault={fault} /> : null}
      {address !== '' && !isReady && fault === null ? (
        <div className={styles.loading}>
          <Spinner label="Loading the preview" size={20} />
        </div>
      ) : null}
      {recording && isPlayable(recording.preview) && fault === null ? <Doubt recording={recording} /> : null}
    </div>
  );
}

/** What is shown may not be what is stored now. */
function Doubt({ recording }: { recording: RecordingOutputs }) {
  const { preview } = recording;
  if (preview.reason === null) return null;
  return (
    <div className={styles.doubt} role="status">
      <TriangleAlert size={13} aria-hidden />
      <span>{preview.reason}</span>
      <Make recording={recording} label={preview.state === 'foreign' ? 'Replace it' : 'Make it anew'} />
    </div>
  );
}

function Missing({ recording }: { recording: RecordingOutputs }) {
  if (recording.fault !== null)
    return (
      <EmptyState icon={<TriangleAlert size={24} />} title={`${recording.name} cannot be opened`}>
        {recording.fault}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<Clapperboard size={24} />}
      title={`${recording.name} has no preview yet`}
      actions={<Make recording={recording} label="Make it" />}
    >
      It appears here as soon as it is made.
    </EmptyState>
  );
}

function Make({ recording, label }: { recording: RecordingOutputs; label: string }) {
  const job = useMaking('preview');
  if (job)
    return (
      <span className={styles.underWay}>
        <Spinner label="Making previews" size={13} /> {job.message || 'Making previews'}
      </span>
    );
  return (
    <Button
      size="s"
      tone={isWanting(recording.preview) && !isPlayable(recording.preview) ? 'primary' : 'normal'}
      onClick={() => void makeOne('preview', recording.episode)}
    >
      {label}
    </Button>
  );
}

/** Why it does not play: what the workstation says of the file, else what the browser cannot do. */
function Fault({
  recording,
  address,
  fault,
}: {
  recording: RecordingOutputs;
  address: string;
  fault: NonNullable<PreviewState['fault']>;
}) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    let isWanted = true;
    void fetch(address, { headers: { range: 'bytes=0-0' } })
      .then(async (response) => (response.ok ? '' : (await response.text()).trim()))
      .catch(() => 'The workstation does not answer: see whether it is still running.')
      .then((text) => {
        if (isWanted) setSaid(text);
      });
    return () => {
      isWanted = false;
    };
  }, [address]);
  const isForeign = recording.preview.state === 'foreign';
  const kind = isForeign
    ? 'Another program made it, in a kind of video that this window does not play (it plays H.264): make it with Regrasp.'
    : 'This window does not play H.264 in full colour: make it with regrasp preview --chroma 420.';
  const own = fault === 'decode' ? 'The file is damaged: make it again.' : kind;
  return (
    <EmptyState
      icon={<FilmIcon size={24} />}
      title={`The preview of ${recording.name} cannot be played`}
      actions={<Make recording={recording} label="Make it again" />}
    >
      {said || own}
    </EmptyState>
  );
}
