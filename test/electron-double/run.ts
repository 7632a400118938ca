// The double's process: puts the double under the name "electron", runs the built main, then says that all is ready.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { becomeReady, configuration } from './app.ts';
import { listenToTest } from './host.ts';
import './electron.ts';

register(process.env.REGRASP_ELECTRON_DOUBLE_HOOKS ?? '', {
  data: { double: new URL('./electron.mjs', import.meta.url).href },
});
process.argv.splice(
  1,
  process.argv.length,
  ...(configuration.isPackaged ? [] : [configuration.appFolder]),
  ...configuration.words,
);
listenToTest();
await import(pathToFileURL(configuration.mainFile).href);
becomeReady();
