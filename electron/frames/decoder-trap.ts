// The runtime has WebAssembly; Node's own types describe its types only.
const { RuntimeError } = (globalThis as unknown as { WebAssembly: { RuntimeError: ErrorConstructor } }).WebAssembly;

/** The decoder ran into a wall (abort, out of memory): nothing it holds may be trusted any more. */
export function decoderTrap(message: string): Error {
  return new RuntimeError(message);
}

export function isDecoderTrap(error: unknown): boolean {
  return error instanceof RuntimeError;
}
