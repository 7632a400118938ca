import type { UserSettings } from '../../shared/api/settings.ts';
import { formatAddress } from '../../shared/episode/address.ts';
import { type CommandHandler, registerCommands } from '../commands/registry.ts';
import { showPreviews } from '../previews/preview-state.ts';
import { api } from './api.ts';
import { bridge } from './bridge.ts';
import { openWhenDone } from './connection.ts';
import { copyText } from './copy-text.ts';
import { neighbourOf, shownOrder } from './episode-order.ts';
import { currentAddress, currentRange, openEpisode } from './episodes.ts';
import { attempt, notify } from './notices.ts';
import { askPlay, type Press } from './play-ahead.ts';
import { closeRoot, openRoot } from './roots.ts';
import { useSession } from './session.ts';
import { patchUserSettings } from './settings.ts';
import { resetView, type Screen, showDialog, useView } from './view-state.ts';

const session = () => useSession.getState();
const hasRoot = () => session().root !== null;
const hasEpisode = () => session().open !== null;

/** The window's own commands; panes, timeline and review register theirs. Answers the way to take them back. */
export function registerAppCommands(): () => void {
  return registerCommands({
    'play.toggle': playAhead((player) => player.toggle()),
    'play.pause': playAhead((player) => player.shuttle(0)),
    'play.backward': playAhead((player) => player.shuttle(-1)),
    'play.forward': playAhead((player) => player.shuttle(1)),
    'file.openFolder': { run: () => void openChosen(() => bridge.chooseFolder()) },
    'file.openFile': { run: () => void openChosen(() => bridge.chooseFile()) },
    'file.sample': { run: () => void recordSample() },
    'file.rescan': { run: () => void rescan(), isEnabled: hasRoot },
    'file.export': { run: () => void exportBundle(), isEnabled: hasRoot },
    'file.close': {
      run: () => {
        const { root } = session();
        if (root) void closeRoot(root);
      },
      isEnabled: hasRoot,
    },
    'edit.copyAddress': { run: () => void copyAddress(), isEnabled: hasEpisode },
    'edit.copyPython': { run: () => void copyPython(), isEnabled: hasEpisode },
    'edit.settings': { run: () => showDialog('settings') },
    'view.palette': { run: () => showDialog('palette') },
    'view.library': toggle('isLibraryShown'),
    'view.inspector': { ...toggle('isInspectorShown'), isEnabled: () => useView.getState().screen === 'episode' },
    'view.jobs': toggle('isJobsShown'),
    'view.strips': toggle('areStripsShown'),
    'view.previews': screen('previews', showPreviews),
    'view.gallery': screen('gallery', showGallery),
    'view.galleryMotion': { run: () => useView.setState((view) => ({ isGalleryMoving: !view.isGalleryMoving })) },
    'view.theme': { run: nextTheme },
    'view.resetLayout': { run: resetView },
    'view.performance': {
      run: () => void patchUserSettings({ performanceReadout: !session().userSettings.performanceReadout }),
      isChecked: () => session().userSettings.performanceReadout,
    },
    'view.nextEpisode': stepEpisode(1),
    'view.previousEpisode': stepEpisode(-1),
    'help.keys': { run: () => showDialog('keys') },
    'help.doctor': { run: () => showDialog('doctor') },
    'help.about': { run: () => showDialog('about') },
  });
}

/** Until the bar of the open episode takes them over. */
function playAhead(press: Press): CommandHandler {
  return {
    run: () => askPlay(press),
    isEnabled: () => useView.getState().screen === 'episode' && (hasEpisode() || session().opening !== null),
  };
}

function toggle(name: 'isLibraryShown' | 'isInspectorShown' | 'isJobsShown' | 'areStripsShown') {
  return {
    run: () => useView.setState((view) => ({ [name]: !view[name] })),
    isChecked: () => useView.getState()[name],
  };
}

/** Shows a screen in the place of the episode; on it, goes back. */
function screen(name: Screen, show: () => void) {
  const isShown = () => useView.getState().screen === name;
  return {
    run: () => (isShown() ? useView.setState({ screen: 'episode' }) : show()),
    isEnabled: hasRoot,
    isChecked: isShown,
  };
}

function showGallery(): void {
  session().open?.player.pause();
  useView.setState({ screen: 'gallery' });
}

function stepEpisode(by: 1 | -1) {
  const next = () => {
    const { open, opening, openFault } = session();
    return neighbourOf(shownOrder(), opening ?? open?.episode.id ?? openFault?.episode ?? null, by);
  };
  return {
    run: () => {
      const id = next();
      if (id) void openEpisode(id);
    },
    isEnabled: () => next() !== undefined,
  };
}

async function openChosen(choose: () => Promise<string | undefined>): Promise<void> {
  const grant = await attempt(choose);
  if (grant) await openRoot(grant);
}

async function recordSample(): Promise<void> {
  const job = await attempt(() => api.jobs.start({ kind: 'sample', options: {} }));
  if (!job) return;
  openWhenDone(job.id);
  useView.setState({ isJobsShown: true });
  notify('info', 'A sample dataset is being recorded; it opens when it is ready.');
}

/** Its code comes when it is asked for. */
async function exportBundle(): Promise<void> {
  const { root } = session();
  if (root === null) return;
  const { showExport } = await import('../bundles/export-actions.ts');
  await showExport(root);
}

async function rescan(): Promise<void> {
  const { root } = session();
  if (root) await attempt(() => api.library.rescan({ root }));
}

async function copyAddress(): Promise<void> {
  const address = currentAddress();
  if (!address) return;
  await copyText(
    `#${formatAddress(address)}`,
    address.at && 'from' in address.at
      ? 'The address of this range is copied.'
      : 'The address of this moment is copied.',
  );
}

async function copyPython(): Promise<void> {
  const { open } = session();
  if (!open) return;
  const [from, to] = currentRange(open);
  const streams = open.episode.streams.map((stream) => stream.id);
  const answer = await attempt(() => api.episodes.python({ episode: open.episode.id, from, to, streams }));
  if (answer) await copyText(answer.code, 'Python lines for this range are copied.');
}

const THEMES: readonly UserSettings['theme'][] = ['system', 'light', 'dark'];

function nextTheme(): void {
  const theme = THEMES[(THEMES.indexOf(session().userSettings.theme) + 1) % THEMES.length] ?? 'system';
  void patchUserSettings({ theme });
  notify('info', `Theme: ${theme}`);
}
