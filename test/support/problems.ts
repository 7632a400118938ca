import type { Problem } from '../../shared/episode/episode.ts';

/** "error missing-video", a problem. */
export const codes = (problems: readonly Problem[]) => problems.map(({ severity, code }) => `${severity} ${code}`);

/** Their sentences, one a line. */
export const messages = (problems: readonly Problem[]) => problems.map(({ message }) => message).join('\n');
