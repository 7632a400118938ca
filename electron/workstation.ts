import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SCAN_JOB } from '../shared/api/jobs.ts';
import { EventHub } from './api/event-hub.ts';
import { createHandler } from './api/handler.ts';
import type { Services } from './api/services.ts';
import { KnownRecordings } from './bundles/plan/known-recordings.ts';
import { BundlePlaces } from './bundles/plan/places.ts';
import { Planner } from './bundles/plan/planner.ts';
import { planning } from './bundles/plan/window-plan.ts';
import { readFindings } from './curation/detect/findings-store.ts';
import { stageNamed } from './curation/index.ts';
import { publicationOf } from './curation/publish/publication-of.ts';
import { runStage, type StageParts, type StageRequest, type StageSinks } from './curation/run-stage.ts';
import type { Stage } from './curation/stage.ts';
import { examine } from './doctor.ts';
import { Fault } from './fault.ts';
import { createDecodePool } from './frames/decode-pool.ts';
import { createTickService } from './frames/tick-service.ts';
import { exportJobKind } from './jobs/export-job.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { sampleJobKind } from './jobs/sample-job.ts';
import { LastingScans, scanJobKind } from './jobs/scan-job.ts';
import { stageJobKind } from './jobs/stage-job.ts';
import { videoProxyJobKind } from './jobs/video-proxy-job.ts';
import { Grants } from './library/grants.ts';
import { type OpenEpisode, OpenEpisodes } from './library/open-episodes.ts';
import { PersonFirst } from './library/person-first.ts';
import { ReadingThread } from './library/reading-thread.ts';
import { RecordingReader } from './library/recording-reader.ts';
import { rememberTrees } from './library/remembered-trees.ts';
import { STORAGE_NAME } from './library/root-place.ts';
import { Roots } from './library/roots.ts';
import { createMedia } from './media/index.ts';
import { VideoProxies } from './media/proxies.ts';
import { embeddedCoreDir } from './paths.ts';
import { openReviews, readTaxonomy, ShownEpisodes } from './review/index.ts';
import { portToServeAt } from './serve-ports.ts';
import { Settings } from './settings/settings.ts';
import { WindowMemory } from './settings/window-memory.ts';
import { sources } from './sources/index.ts';
import type { Workstation, WorkstationOptions } from './workstation-types.ts';

/** Part of the cache budget that is the workstation's; the window's player keeps the rest. */
const WORKSTATION_CACHE_SHARE = 0.5;

/** The list's reading thread ends this long after its last file: it takes memory. */
const BACKGROUND_IDLE_MS = 15_000;

/**
 * The composition root: builds every service once and answers them behind one fetch handler. Doors call this and
 * nothing deeper. Rejects only when the user folder cannot be used at all.
 */
export async function openWorkstation(options: WorkstationOptions): Promise<Workstation> {
  const { userDataDir, version, door } = options;
  const hub = new EventHub();
  const emit = hub.emit.bind(hub);
  const onNotice = (text: string): void => {
    options.onNotice?.(text);
    emit({ type: 'notice', text });
  };

  const decode = createDecodePool({
    workerDir: options.workerDir,
    pluginDir: options.pluginDir,
    workers: options.decodeWorkers ?? 2,
  });
  const media = createMedia({ workerDir: options.workerDir, coreDir: embeddedCoreDir(options.pluginDir) });
  const ticks = createTickService({
    pool: decode,
    onDamaged: (episode, message) => roots.noteDamage(episode, message),
  });
  const grants = new Grants(userDataDir, sources, onNotice, door !== 'none');
  const hdf5 = rememberTrees(decode);
  const atOnce = new ReadingThread({ workerDir: options.workerDir, hdf5 });
  // A person who opens a window opens a recording next; a command may need none of this.
  if (door !== 'none') {
    atOnce.start();
    decode.ready().catch(() => undefined);
  }
  const personFirst = new PersonFirst();
  const reader: RecordingReader = new RecordingReader({
    atOnce,
    inBackground: new ReadingThread({
      workerDir: options.workerDir,
      hdf5: personFirst.quiet(hdf5),
      idleMs: BACKGROUND_IDLE_MS,
    }),
    decode,
    personFirst,
    isOpen: (realPath) => episodes.isOpen(realPath),
  });
  const roots: Roots = new Roots({
    userDataDir,
    version,
    sources,
    grants,
    reader,
    emit,
    onScanning: (root, isScanning) => scans.note(root, isScanning),
    onNotice,
    settingsOf: (root) => settings.lastDataset(root),
    loadSettings: (root) => settings.dataset(root),
    // A script that looks into many files must not push out what a person opened.
    onOpened: async (grant, shownPath) => {
      if (door !== 'none') await settings.remember(grant, shownPath);
    },
  });
  const settings: Settings = new Settings({
    userDataDir,
    storageOf: (root) => roots.get(root).storage.folder,
    emit,
    onNotice,
  });
  const annotator = async () => (await settings.user()).annotator;
  const isBlind = async (storageDir: string) => {
    for (const root of roots.keptIn(storageDir)) if ((await settings.dataset(root)).blindUntilSubmitted) return true;
    return false;
  };
  const reviews = openReviews({
    userDataDir,
    annotator,
    decode: {
      frame: (...sample) => decode.frame(...sample),
      picture: (...sample) => decode.picture(...sample),
      packet: (file, frame) => media.packet(file, frame),
    },
    isBlind,
    onReview: (episode, told) => {
      emit({ type: 'review', episode, step: told.step });
      void shown.noteReview(episode, told);
    },
    onTogether: (storageDir, faults) => {
      for (const root of roots.keptIn(storageDir)) emit({ type: 'reviews-changed', root });
      for (const text of new Set(faults)) emit({ type: 'notice', text });
    },
  });
  const episodes: OpenEpisodes = new OpenEpisodes({
    roots,
    sources,
    reader,
    settingsOf: (root) => settings.lastDataset(root),
    loadSettings: (root) => settings.dataset(root),
    // A recording too damaged for a fingerprint can still be looked at; only its review cannot be told from others.
    fingerprintOf: (episode) => reviews.fingerprintOf(episode).catch(() => null),
    forget: async (episode) => {
      ticks.forget(episode.id);
      reviews.release(episode.id);
      shown.forget(episode.id);
      await decode.release(episode.path);
    },
    emit,
  });
  const shown = new ShownEpisodes<OpenEpisode>({
    ...{ isBlind, annotator, emit },
    review: (episode) => reviews.get(episode),
  });
  const memory = new WindowMemory(userDataDir, onNotice);
  const jobs = new JobQueue({
    folder: path.join(userDataDir, 'jobs'),
    onJob: (job) => emit({ type: 'job', job }),
    onGone: (job) => emit({ type: 'job-gone', job }),
    onNotice,
  });
  jobs.registerJobKind(
    sampleJobKind({
      directory: path.join(userDataDir, 'samples'),
      workerDir: options.workerDir,
      pluginDir: options.pluginDir,
      grant: (folder) => grants.grant(folder),
    }),
  );
  const proxies = new VideoProxies({ folder: path.join(userDataDir, 'playable'), media });
  jobs.registerJobKind(
    videoProxyJobKind({
      videoOf: async (id, stream) => {
        const location = (await episodes.open(id)).opened.locations.get(stream);
        if (location?.kind !== 'video') throw new Fault('NOT_FOUND', `${id} has no video stream "${stream}".`);
        return location.file;
      },
      probe: (video) => media.probe.probe(video),
      make: (video, signal, onFrames) => proxies.make(video, signal, onFrames),
    }),
  );
  jobs.registerJobKind(
    scanJobKind({
      nameOf: (root) => path.basename(roots.get(root).path) || roots.get(root).path,
      follow: (root, follower) => roots.followScan(root, follower),
      stop: (root) => roots.stopScan(root),
    }),
  );
  const taxonomy = async (root: string) => {
    const { path: where, storage } = roots.get(root);
    return readTaxonomy([...new Set([path.join(where, STORAGE_NAME), storage.folder])]);
  };

  const stageParts: StageParts = {
    rootOf(id) {
      const { path: where, storage } = roots.get(id);
      return { path: where, storageDir: storage.folder };
    },
    settled: async (root) => (await roots.settled(root)).entries,
    open: (id) => episodes.open(id),
    review: async (id) => reviews.whole(await episodes.open(id)),
    shownReview: async (id) => reviews.get(await episodes.open(id)),
    taxonomy,
    datasetSettings: (root) => settings.dataset(root),
    release: (id) => episodes.release(id),
    check: (root, below) => roots.check(root, below),
    fresh: () => freshWorkstation(options),
    servedAt: async () => `http://127.0.0.1:${await portToServeAt(userDataDir)}/`,
    decode,
    media,
    workerDir: options.workerDir,
    pluginDir: options.pluginDir,
    version,
  };
  const run = (stage: Stage<never>, request: StageRequest, sinks: StageSinks) =>
    runStage(stageParts, stage, request, sinks);
  jobs.registerJobKind(stageJobKind({ stageNamed, run }));
  const bundlePlaces = new BundlePlaces({
    ownDir: options.bundlesDir ?? path.join(userDataDir, 'bundles'),
    resolve: (grant) => grants.resolve(grant),
    roots: () => roots.list().map(({ id }) => roots.get(id).path),
  });
  jobs.registerJobKind(
    exportJobKind({
      outOf: (place, folder) => bundlePlaces.outOf(place, folder),
      run: (request, sinks) => run(stageNamed('export') as Stage<never>, request, sinks),
      grant: (folder) => grants.grant(folder),
    }),
  );
  const known = new KnownRecordings();
  const plan = planning({ review: (storageDir, fingerprint) => reviews.read(storageDir, fingerprint), known });
  const planner = new Planner((request, sinks) => run(plan as Stage<never>, request, sinks));
  // Closed before it is shown: then there is nothing to show.
  const scans = new LastingScans((root) => void jobs.start(SCAN_JOB, { root }).catch(() => undefined));
  await jobs.load();

  function applyCacheLimit(cacheBytes: number): void {
    ticks.setCacheLimit(Math.round(cacheBytes * WORKSTATION_CACHE_SHARE));
  }
  applyCacheLimit((await settings.user()).cacheBytes);

  async function closeRoot(root: string): Promise<void> {
    await episodes.closeRoot(root);
    await roots.close(root);
    scans.note(root, false);
    await jobs.forget(SCAN_JOB, { root });
    settings.close(root);
  }

  const doctor = () =>
    examine({ version, userDataDir, decode, media, roots: roots.list().map((root) => roots.get(root.id)) });

  const services: Services = {
    version,
    door,
    formats: Object.fromEntries(sources.map(({ id, name }) => [id, name])),
    hub,
    roots,
    episodes,
    reader,
    ticks,
    media,
    proxies,
    reviews,
    shown,
    settings,
    memory,
    jobs,
    doctor,
    taxonomy,
    publication: async (id, asked) => {
      const open = await episodes.open(id);
      const [review, { taxonomy: words }] = [await reviews.get(open), await taxonomy(open.root)];
      const { blindUntilSubmitted: isBlind } = await settings.dataset(open.root);
      const parts = { file: open.path, opened: open.opened, review, taxonomy: words, isBlind, hdf5: decode };
      const { edit: _, ...publication } = await publicationOf({ ...parts, ...asked });
      return publication;
    },
    bundlePlaces,
    planExport: (asked, signal) => planner.plan(asked, signal),
    planLooked: (view) => planner.looked(view),
    closeRoot,
    async patchDatasetSettings(root, patch) {
      const next = await settings.patchDataset(root, patch);
      if ('blindUntilSubmitted' in patch) {
        roots.retell(root);
        await reviews.retell(roots.get(root).storage.folder);
        emit({ type: 'reviews-changed', root });
      }
      if ('stated' in patch) {
        known.clear();
        await episodes.restate(root);
        roots.rescan(root);
      }
      return next;
    },
    async patchUserSettings(patch) {
      const next = await settings.patchUser(patch);
      applyCacheLimit(next.cacheBytes);
      return next;
    },
  };

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    scans.close();
    await jobs.close();
    hub.close();
    await episodes.close();
    await roots.closeAll();
    await reader.close();
    await reviews.close();
    // A window that is closed sends last what it wants remembered.
    await Promise.all([settings.settled(), memory.settled()]);
    await Promise.all([decode.close(), media.close()]);
  }

  return {
    fetch: createHandler(services, options.rendererDir, onNotice),
    grant: (chosen) => grants.grant(chosen),
    pathOf: async (grant) => (await grants.resolve(grant)).real,
    openRoot: async (grant) => (await roots.openGrant(grant))[0],
    openRoots: (grant) => roots.openGrant(grant),
    library: async (root) => roots.library(root),
    settled: (root) => roots.settled(root),
    tried: (root, withinMs) => roots.tried(root, withinMs),
    check: (root, below) => roots.check(root, below),
    runStage(id, request, sinks) {
      const stage = stageNamed(id);
      if (!stage) throw new Fault('NOT_FOUND', `There is no stage "${id}".`);
      return run(stage, request, sinks);
    },
    openEpisode: (id) => episodes.open(id),
    shownEpisode: async (id) => shown.episode(await episodes.open(id)),
    async said(episode) {
      const { root } = episode.opened.episode;
      const { fingerprint } = episode;
      const found = fingerprint && (await readFindings(roots.get(root).storage.folder, fingerprint));
      return { review: await stageParts.review(episode.opened.episode.id), findings: found ? found.findings : null };
    },
    doctor,
    taxonomy,
    events: (listener) => hub.listen(listener),
    decode,
    ticks,
    media,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** One that remembers nothing, in a user folder that goes with it. */
async function freshWorkstation({ version, workerDir, pluginDir }: WorkstationOptions): Promise<Workstation> {
  const userDataDir = await mkdtemp(path.join(os.tmpdir(), 'regrasp-fresh-'));
  const removed = () => rm(userDataDir, { recursive: true, force: true });
  try {
    const fresh = await openWorkstation({ door: 'none', version, userDataDir, workerDir, pluginDir, decodeWorkers: 1 });
    return { ...fresh, close: () => fresh.close().finally(removed) };
  } catch (error) {
    await removed();
    throw error;
  }
}
