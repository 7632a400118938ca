/** Lines of a log; older ones make room. */
const LINE_LIMIT = 5000;

/** Where the state and log of a job are kept. */
export interface JobKeeper<Stored> {
  /** Resolves when this state (or a later one) is kept. */
  save(stored: Stored): Promise<void>;
  log(id: string, line: string): Promise<void>;
  /** The last part of a job's log, "" when it wrote none. */
  readLog(id: string): Promise<string>;
  closeLog(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Of jobs that a later run has no use for: nothing is written to disk, the log lasts as long as the workstation. */
export class JobMemory implements JobKeeper<unknown> {
  private readonly logs = new Map<string, string[]>();

  async save(): Promise<void> {}

  async log(id: string, line: string): Promise<void> {
    const lines = this.logs.get(id) ?? [];
    this.logs.set(id, lines);
    lines.push(`${new Date().toISOString()} ${line}`);
    if (lines.length > LINE_LIMIT) lines.splice(0, LINE_LIMIT / 10);
  }

  async readLog(id: string): Promise<string> {
    return (this.logs.get(id) ?? []).map((line) => `${line}\n`).join('');
  }

  async closeLog(): Promise<void> {}

  async remove(id: string): Promise<void> {
    this.logs.delete(id);
  }
}
