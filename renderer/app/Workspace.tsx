import { FileWarning, FolderOpen, LayoutGrid, ListVideo } from 'lucide-react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { runCommand } from '../commands/registry.ts';
import { Button, EmptyState, Spinner } from '../design/index.ts';
import appStyles from './App.module.css';
import { Area, Waiting } from './Area.tsx';
import { openEpisode } from './episodes.ts';
import { Gallery, Panes, Previews, SessionStrip, Timeline, TransportBar } from './parts.tsx';
import { SidePanel } from './SidePanel.tsx';
import { type OpenEpisode, useSession } from './session.ts';
import { useView } from './view-state.ts';
import styles from './Workspace.module.css';

/** What stands in the middle: the open episode, or a screen about a whole date. */
export function Workspace() {
  const screen = useView((view) => view.screen);
  if (screen === 'episode') return <EpisodeWorkspace />;
  return (
    <Area name={screen === 'previews' ? 'previews' : 'gallery'}>
      {screen === 'previews' ? <Previews /> : <Gallery />}
    </Area>
  );
}

/** The open episode: panes above, transport and timeline below; or what can be done while there is none. */
function EpisodeWorkspace() {
  const open = useSession((session) => session.open);
  const opening = useSession((session) => session.opening);
  const openFault = useSession((session) => session.openFault);
  if (openFault) return <Fault episode={openFault.episode} message={openFault.message} />;
  if (!open) return opening ? <Waiting label="Opening the episode" /> : <Nothing />;
  return (
    <div className={styles.episode}>
      <div className={styles.strip}>
        <Area name="session strip" resetKey={open.episode.id}>
          <SessionStrip open={open} />
        </Area>
      </div>
      <OpenEpisodeWorkspace open={open} opening={opening} />
    </div>
  );
}

function OpenEpisodeWorkspace({ open, opening }: { open: OpenEpisode; opening: string | null }) {
  return (
    <Group orientation="vertical" className={appStyles.fill} id="episode">
      {/* A tall timeline of a large screen leaves the pictures their share of a small one. */}
      <Panel id="panes" minSize="38%" className={styles.panes}>
        <Area name="panes" resetKey={open.episode.id}>
          <Panes />
        </Area>
        {opening ? (
          <div className={styles.opening}>
            <Spinner label="Opening" /> Opening {opening.slice(opening.lastIndexOf('/') + 1)}
          </div>
        ) : null}
      </Panel>
      <Separator className={appStyles.rowEdge} aria-label="Height of the timeline" />
      <SidePanel id="transport-and-timeline" size="timelineHeightPx" min={96} max={560}>
        <div className={styles.below}>
          <Area name="transport" resetKey={open.episode.id}>
            <TransportBar />
          </Area>
          <div className={styles.timeline} data-scope="timeline">
            <Area name="timeline" resetKey={open.episode.id}>
              <Timeline />
            </Area>
          </div>
        </div>
      </SidePanel>
    </Group>
  );
}

function Fault({ episode, message }: { episode: string; message: string }) {
  const entry = useSession((session) => session.entries.get(episode));
  const others = entry?.problems.filter((problem) => problem.message !== message) ?? [];
  return (
    <EmptyState
      icon={<FileWarning size={26} />}
      title={`${entry?.name ?? 'This episode'} cannot be shown`}
      actions={
        <>
          <Button onClick={() => void openEpisode(episode)}>Try again</Button>
          <Button onClick={() => runCommand('view.nextEpisode')}>Next episode</Button>
        </>
      }
    >
      <p data-selectable>{message}</p>
      {others.map((problem) => (
        <p key={problem.message} data-selectable>
          {problem.message}
        </p>
      ))}
    </EmptyState>
  );
}

function Nothing() {
  const connection = useSession((session) => session.connection);
  const root = useSession((session) => session.roots.find((candidate) => candidate.id === session.root));
  const hasEntries = useSession((session) =>
    [...session.entries.values()].some((entry) => entry.root === session.root),
  );
  if (connection === 'connecting') return <Waiting label="Connecting to the workstation" />;
  if (!root) return <Welcome />;
  if (hasEntries) {
    return (
      <EmptyState icon={<ListVideo size={26} />} title="No episode is open">
        Choose one in the library, or press Page down for the first.
      </EmptyState>
    );
  }
  if (root.scanning) {
    return (
      <EmptyState
        icon={<Spinner label="Looking for episodes" size={22} />}
        title={`Looking for episodes in ${root.name}`}
      />
    );
  }
  return (
    <EmptyState
      icon={<LayoutGrid size={26} />}
      title={`No episodes in ${root.name}`}
      actions={
        <>
          <Button onClick={() => runCommand('file.rescan')}>Look again</Button>
          <Button onClick={() => runCommand('file.openFolder')}>Open another folder…</Button>
        </>
      }
    >
      <p>Nothing in this folder or below it is a recording of a format that Regrasp reads.</p>
      <Formats />
    </EmptyState>
  );
}

function Welcome() {
  return (
    <EmptyState
      icon={<FolderOpen size={28} />}
      title="Open what your robots recorded"
      actions={
        <>
          <Button tone="primary" icon={<FolderOpen size={15} />} onClick={() => runCommand('file.openFolder')}>
            Open folder…
          </Button>
          <Button onClick={() => runCommand('file.openFile')}>Open file…</Button>
          <Button onClick={() => runCommand('file.sample')}>Record a sample</Button>
        </>
      }
    >
      <p>A dataset folder, any folder above or inside it, or one recording. Drop it here, or start with a sample.</p>
      <Formats />
    </EmptyState>
  );
}

function Formats() {
  return (
    <p>
      React/TWM (<code>data/&lt;task&gt;/&lt;YYYY-MM-DD&gt;/episode_*.h5</code>), Oopsie, LeRobot, ALOHA, robomimic,
      DROID, MCAP, RLDS, rollouts (<code>trajectory.npz</code>) and deployment sessions (<code>session.json</code>).
    </p>
  );
}
