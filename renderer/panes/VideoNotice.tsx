import { useEffect, useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { Job } from '../../shared/api/jobs.ts';
import { PROXY_JOB } from '../../shared/api/video.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import { api } from '../app/api.ts';
import { sentenceOf } from '../app/notices.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { Button, Spinner } from '../design/index.ts';
import { isActive, progressText } from '../jobs/job-text.ts';
import type { VideoState, VideoStreams } from '../playback/video/video-streams.ts';
import { useStage } from './stage-context.ts';
import styles from './VideoNotice.module.css';

/** What was asked for a stream that nothing here plays: the job that copies it, or why it could not be started. */
type Asked = { job: string } | { fault: string } | 'asking';

/** As long as the page, so that a pane that comes back finds its job. By episode, revision and stream. */
const useAsked = create<Record<string, Asked>>(() => ({}));

const keyOf = (open: OpenEpisode, stream: Stream) => `${open.episode.id}\n${open.revision}\n${stream.id}`;

/**
 * Says what became of a video that nothing here plays: an H.264 copy of it is made at once as a job, with its progress
 * here, and what is shown then is named a copy.
 */
export function VideoNotice({ stream }: { stream: Stream }) {
  const { open } = useStage();
  const { videos } = open.player;
  return videos && stream.encoding === 'video' ? <Notice open={open} stream={stream} videos={videos} /> : null;
}

function Notice({ open, stream, videos }: { open: OpenEpisode; stream: Stream; videos: VideoStreams }) {
  const state = useSyncExternalStore<VideoState>(
    (changed) => videos.subscribe(changed),
    () => videos.state(stream.id),
  );
  const asked = useAsked((all) => all[keyOf(open, stream)]);
  const job = useSession(({ jobs }) =>
    asked && typeof asked === 'object' && 'job' in asked ? jobs.find(({ id }) => id === asked.job) : undefined,
  );
  const isUnplayable = state.kind === 'unplayable';
  const isMade = job?.state === 'done';

  useEffect(() => {
    if (isUnplayable && asked === undefined) void askForCopy(open, stream);
  }, [isUnplayable, asked, open, stream]);
  useEffect(() => {
    if (isUnplayable && isMade) videos.retry(stream.id);
  }, [isUnplayable, isMade, videos, stream]);

  if (state.kind === 'playing' && state.form === 'proxy') return <CopyLabel open={open} stream={stream} />;
  if (state.kind === 'fault') {
    return (
      <div className={styles.notice}>
        <Button size="s" onClick={() => videos.retry(stream.id)}>
          Try again
        </Button>
      </div>
    );
  }
  if (!isUnplayable) return null;
  return <Progress job={job} asked={asked} again={() => void askForCopy(open, stream)} />;
}

/** Only once the pane shows the copy: until its first picture is there the pane says what was wrong without one. */
function CopyLabel({ open: { player }, stream }: { open: OpenEpisode; stream: Stream }) {
  const isFault = useSyncExternalStore(
    (changed) => player.onShown(changed),
    () => player.shown()?.samples.get(stream.id)?.state === 'fault',
  );
  if (isFault) return null;
  return (
    <span className={styles.copy} title="The recorded video cannot be played here; this is a copy with the same frames">
      H.264 copy
    </span>
  );
}

function Progress({ job, asked, again }: { job: Job | undefined; asked: Asked | undefined; again: () => void }) {
  const fault = asked && typeof asked === 'object' && 'fault' in asked ? asked.fault : undefined;
  const hasEnded = job !== undefined && !isActive(job) && job.state !== 'done';
  if (fault !== undefined || hasEnded) {
    return (
      <div className={styles.notice}>
        <span>{fault ?? job?.message}</span>
        <Button size="s" onClick={again}>
          Make an H.264 copy
        </Button>
      </div>
    );
  }
  return (
    <output className={styles.notice}>
      <Spinner label="Making a copy" />
      <span>Making an H.264 copy… {job ? progressText(job) : ''}</span>
    </output>
  );
}

async function askForCopy(open: OpenEpisode, stream: Stream): Promise<void> {
  const tell = (asked: Asked) => useAsked.setState({ [keyOf(open, stream)]: asked });
  tell('asking');
  try {
    const job = await api.jobs.start({ kind: PROXY_JOB, options: { episode: open.episode.id, stream: stream.id } });
    tell({ job: job.id });
  } catch (error) {
    tell({ fault: sentenceOf(error) });
  }
}
