/** What a person can make the window do; each lives in a file of its own. */
export { connect } from './connection.ts';
export { closeEpisode, currentAddress, openEpisode } from './episodes.ts';
export { attempt, notify, sentenceOf } from './notices.ts';
export { closeRoot, openAddress, openRoot, selectRoot } from './roots.ts';
export { patchDatasetSettings, patchUserSettings } from './settings.ts';
