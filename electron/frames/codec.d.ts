declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decode' {
  const create: () => Promise<never>;
  export default create;
}
