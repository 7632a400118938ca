import type { UserSettings } from '../../shared/api/settings.ts';
import { type Offer, registerOffers } from '../commands/offers.ts';
import { isActive } from '../jobs/job-text.ts';
import { type SettingsSection, useSettingsSection } from '../settings/section.ts';
import { api } from './api.ts';
import { attempt } from './notices.ts';
import { openRoot, showRoot } from './roots.ts';
import { useSession } from './session.ts';
import { patchUserSettings } from './settings.ts';
import { type InspectorTab, showDialog, useView } from './view-state.ts';

/** What the window itself offers: datasets, themes, sections of its dialogs, jobs. Answers the way to take it back. */
export function registerAppOffers(): () => void {
  return registerOffers(() => [...datasets(), ...themes(), ...settings(), ...inspector(), ...jobs()]);
}

function datasets(): Offer[] {
  const { roots, root, userSettings } = useSession.getState();
  const openPaths = new Set(roots.map(({ path }) => path));
  return [
    ...roots.map(
      ({ id, name, path }): Offer => ({
        ...{ id: `root/${id}`, title: `Dataset: ${name}`, group: 'File', detail: path },
        ...{ isChecked: id === root, run: () => void showRoot(id) },
      }),
    ),
    ...userSettings.recent
      .filter(({ path }) => !openPaths.has(path))
      .map(
        ({ grant, path }): Offer => ({
          ...{ id: `recent/${grant}`, title: `Open recent: ${path}`, group: 'File' },
          run: () => void openRoot(grant),
        }),
      ),
  ];
}

const THEMES: readonly [UserSettings['theme'], string][] = [
  ['system', 'like the system'],
  ['light', 'light'],
  ['dark', 'dark'],
];

function themes(): Offer[] {
  const { theme: current } = useSession.getState().userSettings;
  return THEMES.map(([theme, name]) => ({
    ...{ id: `theme/${theme}`, title: `Theme: ${name}`, group: 'View', isChecked: theme === current },
    run: () => void patchUserSettings({ theme }),
  }));
}

const SECTIONS: readonly [SettingsSection, string, string][] = [
  ['general', 'your name, theme, memory', ''],
  ['keys', 'change the keys', ''],
  ['dataset', 'dataset', 'hold limit, tactile offset, channel orders'],
];

function settings(): Offer[] {
  const hasRoot = useSession.getState().root !== null;
  return SECTIONS.map(([section, name, detail]) => ({
    ...{ id: `settings/${section}`, title: `Settings: ${name}`, group: 'Edit', detail },
    isEnabled: section !== 'dataset' || hasRoot,
    run: () => {
      useSettingsSection.setState({ section });
      showDialog('settings');
    },
  }));
}

const TABS: readonly [InspectorTab, string][] = [
  ['review', 'review'],
  ['episode', 'episode, its problems and metadata'],
  ['calibration', 'calibration folders'],
];

function inspector(): Offer[] {
  const isEnabled = useSession.getState().open !== null;
  return TABS.map(([inspectorTab, name]) => ({
    ...{ id: `inspector/${inspectorTab}`, title: `Inspector: ${name}`, group: 'View', isEnabled },
    run: () => useView.setState({ isInspectorShown: true, inspectorTab }),
  }));
}

function jobs(): Offer[] {
  return useSession.getState().jobs.flatMap((job) => {
    const input = { job: job.id };
    const offer = (verb: string, run: () => Promise<unknown>): Offer => ({
      ...{ id: `job/${job.id}/${verb}`, title: `${verb} ${job.title}`, group: 'File', detail: 'job' },
      run: () => void attempt(run),
    });
    if (isActive(job)) return [offer('Cancel', () => api.jobs.cancel(input))];
    const dismiss = offer('Dismiss', () => api.jobs.dismiss(input));
    return job.resumable ? [offer('Resume', () => api.jobs.resume(input)), dismiss] : [dismiss];
  });
}
