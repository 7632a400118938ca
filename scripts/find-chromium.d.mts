export function findChromium(options?: {
  mayInstall?: boolean;
  lean?: boolean;
}): Promise<{ executablePath: string } | { reason: string }>;
export const CHROMIUM_FLAGS: string[];
