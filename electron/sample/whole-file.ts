import { rename, rm } from 'node:fs/promises';

/** Runs `write` on a temporary name beside `file` and moves it there once it is whole; removes it when it fails. */
export async function writeWhole(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${file}.partial`;
  try {
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
