declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const create: (options: { wasmBinary: Uint8Array }) => Promise<never>;
  export default create;
}

/** The module as an address that holds its bytes: vite puts them there. */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url&inline' {
  const url: string;
  export default url;
}
