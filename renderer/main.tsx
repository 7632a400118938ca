import './design/tokens.css';
import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { registerAppCommands } from './app/app-commands.ts';
import { registerAppOffers } from './app/app-offers.ts';
import { bridge, onBridgeNotice } from './app/bridge.ts';
import { connect } from './app/connection.ts';
import { watchLeaving } from './app/leaving.ts';
import { notify } from './app/notices.ts';
import { loadPartsAhead } from './app/parts.tsx';
import { watchAddress, watchDrops, watchFault, watchMenu, watchTheme } from './app/watchers.ts';
import { listenForKeys } from './commands/keys.ts';
import { prepareLiveRegions } from './design/live-region.ts';

prepareLiveRegions();
onBridgeNotice((sentence) => notify('info', sentence));
watchTheme();
registerAppCommands();
registerAppOffers();
listenForKeys(window);
watchMenu(bridge);
watchDrops(window, bridge);
watchAddress(window);
watchFault();
watchLeaving(window);
connect();

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no element "root".');
createRoot(container).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
// Once the frame stands.
requestAnimationFrame(() => setTimeout(loadPartsAhead));
