import type { Dataset, Group, File as Hdf5File, Metadata } from 'h5wasm';

/** The part of the library's module that reading needs; pointers are bytes into HEAPU8, which moves when memory grows. */
export interface LibraryModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  activate_throwing_error_handler(): number;
  get_plugin_search_paths(): string[];
  insert_plugin_search_path(path: string, index: number): number;
  remove_plugin_search_path(index: number): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_external_link(file: bigint, path: string): { filename?: string };
  get_dataset_metadata(file: bigint, path: string): Metadata;
  get_dataset_filters(file: bigint, path: string): { id: number; name: string; cd_values: number[] }[];
  /** Eight bytes: the address of the object's header in the file, little-endian. */
  create_object_reference(file: bigint, path: string): ArrayLike<number>;
  get_dataset_data(
    file: bigint,
    path: string,
    count: bigint[] | null,
    offset: bigint[] | null,
    strides: bigint[] | null,
    pointer: bigint,
  ): number;
  reclaim_vlen_memory_count(file: bigint, path: string, attribute: string, pointer: bigint, count: bigint[]): number;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
}

export interface Hdf5Library {
  module: LibraryModule;
  File: typeof Hdf5File;
  Group: typeof Group;
  Dataset: typeof Dataset;
}

/**
 * Loads the HDF5 library with its filter plugins and with errors thrown: by default a corrupt chunk reads as garbage
 * and says nothing. Plugins are searched for in `pluginDir` alone.
 */
export async function loadHdf5Library(pluginDir: string): Promise<Hdf5Library> {
  // The library takes a runtime whose user agent names Chrome for an old browser and refuses to load.
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true, writable: true });
  const { File, Group, Dataset, ready } = await import('h5wasm/node');
  const module = (await ready) as unknown as LibraryModule;
  module.activate_throwing_error_handler();
  while (module.get_plugin_search_paths().length > 0) module.remove_plugin_search_path(0);
  module.insert_plugin_search_path(pluginDir, 0);
  return { module, File, Group, Dataset };
}
