import { Suspense } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { KeySheet } from '../commands/KeySheet.tsx';
import { Palette } from '../commands/Palette.tsx';
import { Notices, TooltipProvider } from '../design/index.ts';
import { Library } from '../library/Library.tsx';
import { ActiveSideDialog } from '../previews/ActiveSideDialog.tsx';
import { PublishDialog } from '../publish/PublishDialog.tsx';
import { AboutDialog } from '../settings/AboutDialog.tsx';
import { DoctorDialog } from '../settings/DoctorDialog.tsx';
import { SettingsDialog } from '../settings/SettingsDialog.tsx';
import styles from './App.module.css';
import { Area } from './Area.tsx';
import { openEpisode } from './episodes.ts';
import { Inspector } from './inspector/Inspector.tsx';
import { dismissNotice } from './notices.ts';
import { ExportDialog, JobsPanel } from './parts.tsx';
import { SidePanel } from './SidePanel.tsx';
import { StatedDialog } from './StatedDialog.tsx';
import { StatusStrip } from './StatusStrip.tsx';
import { useSession } from './session.ts';
import { TopBar } from './TopBar.tsx';
import { showDialog, useView, type ViewState } from './view-state.ts';
import { Workspace } from './Workspace.tsx';

/** The frame of the window: bars above and below, library, workspace and inspector between, dialogs over them. */
export function App() {
  return (
    <TooltipProvider>
      <div className={styles.app}>
        <TopBar />
        <Middle />
        <StatusStrip />
      </div>
      <Dialogs />
      <NoticeStack />
    </TooltipProvider>
  );
}

function Middle() {
  const { isLibraryShown, isInspectorShown, isJobsShown, screen } = useView();
  return (
    <Group orientation="horizontal" className={styles.middle} id="columns">
      {isLibraryShown ? (
        <>
          <SidePanel id="library" size="libraryWidthPx" min={200} max={480}>
            <nav className={styles.side} aria-label="Library" data-scope="library">
              <Area name="library">
                <Library />
              </Area>
            </nav>
          </SidePanel>
          <Separator className={styles.columnEdge} aria-label="Width of the library" />
        </>
      ) : null}
      <Panel id="centre" minSize="360px" className={styles.fill}>
        <Group orientation="vertical" className={styles.fill} id="rows">
          <Panel id="workspace" minSize="240px" className={styles.fill}>
            <main className={styles.workspace} id="workspace-main" tabIndex={-1} aria-label="Workspace">
              <Workspace />
            </main>
          </Panel>
          {isJobsShown ? (
            <>
              <Separator className={styles.rowEdge} aria-label="Height of the jobs" />
              <SidePanel id="jobs" size="jobsHeightPx" min={96} max={480}>
                <section className={styles.jobs} aria-label="Jobs">
                  <Area name="jobs panel">
                    <JobsPanel />
                  </Area>
                </section>
              </SidePanel>
            </>
          ) : null}
        </Group>
      </Panel>
      {isInspectorShown && screen === 'episode' ? (
        <>
          <Separator className={styles.columnEdge} aria-label="Width of the inspector" />
          <SidePanel id="inspector" size="inspectorWidthPx" min={240} max={560}>
            <aside className={styles.side} aria-label="Inspector">
              <Area name="inspector">
                <Inspector />
              </Area>
            </aside>
          </SidePanel>
        </>
      ) : null}
    </Group>
  );
}

function Dialogs() {
  const dialog = useView((view) => view.dialog);
  const change = (name: ViewState['dialog']) => (open: boolean) => {
    if (open) showDialog(name);
    else if (useView.getState().dialog === name) showDialog(null);
  };
  return (
    <>
      <Palette open={dialog === 'palette'} onOpenChange={change('palette')} onEpisode={openChosen} />
      <KeySheet open={dialog === 'keys'} onOpenChange={change('keys')} />
      <SettingsDialog open={dialog === 'settings'} onOpenChange={change('settings')} />
      <DoctorDialog open={dialog === 'doctor'} onOpenChange={change('doctor')} />
      <StatedDialog open={dialog === 'stated'} onOpenChange={change('stated')} />
      <PublishDialog />
      {dialog === 'export' ? (
        <Suspense>
          <ExportDialog />
        </Suspense>
      ) : null}
      <ActiveSideDialog />
      <AboutDialog open={dialog === 'about'} onOpenChange={change('about')} />
    </>
  );
}

/** Who chooses an episode wants to see it, whatever stands in its place. */
function openChosen(id: string): void {
  useView.setState({ screen: 'episode' });
  void openEpisode(id);
}

function NoticeStack() {
  const notices = useSession((session) => session.notices);
  return <Notices notices={notices} onDismiss={dismissNotice} />;
}
