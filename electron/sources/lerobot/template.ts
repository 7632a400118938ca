import { SourceFault } from '../source.ts';

/** What LeRobot writes when a person did not choose: by version. */
export const SHARED_DATA = 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet';
export const SHARED_VIDEO = 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4';
export const EPISODE_DATA = 'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet';
export const EPISODE_VIDEO = 'videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4';

/** Whether files hold many episodes each (v3) or one (v2). */
export function isShared(template: string): boolean {
  return template.includes('{file_index') && !template.includes('{episode_index');
}

const LONGEST_PATH = 1000;
const FIELD = /\{(\w+)(?::0?(\d{0,2})d)?\}/g;

/**
 * A path below the dataset's folder. Rejects with SourceFault where a field is unknown or the path would lead outside:
 * templates and keys come from a file, and a file may say anything.
 */
export function fillTemplate(template: string, fields: Readonly<Record<string, number | string>>): string {
  const filled = template.replace(FIELD, (whole, name: string, digits?: string) => {
    const value = fields[name];
    if (value === undefined) {
      throw new SourceFault('bad-template', `meta/info.json: the path template asks for ${whole}, which is unknown.`);
    }
    return String(value).padStart(Number(digits ?? 0), '0');
  });
  if (/[{}]/.test(filled) || filled.length > LONGEST_PATH || filled === '' || filled.includes('\0')) {
    throw new SourceFault('bad-template', `meta/info.json: the path template ${quoted(template)} cannot be read.`);
  }
  const leadsOutside = /^([/\\]|[A-Za-z]:)/.test(filled) || filled.split(/[/\\]/).includes('..');
  if (leadsOutside) {
    const message = `meta/info.json: the path template ${quoted(template)} leads outside of the dataset, so nothing was read there: correct it.`;
    throw new SourceFault('outside', message);
  }
  return filled;
}

export function quoted(text: string): string {
  return `“${text.length > 120 ? `${text.slice(0, 119)}…` : text}”`;
}
