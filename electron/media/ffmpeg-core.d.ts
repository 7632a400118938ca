/** What is used of @ffmpeg/core: an Emscripten module around ffmpeg's main(), and its file system. */
export interface FfmpegCore {
  FS: CoreFileSystem;
  /** Runs to the end; the answer is ffmpeg's exit code. */
  exec(...args: string[]): number;
  reset(): void;
  setLogger(logger: (entry: { type: string; message: string }) => void): void;
  setProgress(progress: () => void): void;
}

export interface CoreFileSystem {
  makedev(major: number, minor: number): number;
  registerDevice(
    device: number,
    operations: Partial<StreamOperations> & { open?(stream: CoreStream): void; close?(): void },
  ): void;
  mkdev(path: string, mode: number, device: number): CoreNode;
  createFile(parent: string, name: string, properties: object, canRead: boolean, canWrite: boolean): CoreNode;
  unlink(path: string): void;
  ErrnoError: new (errno: number) => Error;
}

export interface CoreStream {
  seekable?: boolean;
}

/** `position` is undefined for a device. */
export interface StreamOperations {
  read(stream: CoreStream, memory: Uint8Array, offset: number, length: number, position: number): number;
  write(stream: CoreStream, memory: Uint8Array, offset: number, length: number, position: number): number;
  llseek(stream: CoreStream, offset: number, whence: number): number;
  allocate?: unknown;
  mmap?: unknown;
}

export interface CoreNode {
  usedBytes: number;
  stream_ops: StreamOperations;
}

export type CreateFfmpegCore = (module: {
  instantiateWasm(imports: object, receive: (instance: object) => void): object;
}) => Promise<FfmpegCore>;

/** What is used of WebAssembly: the type libraries know it as part of a page only. */
export interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(compiled: object, imports: object): Promise<object>;
}
