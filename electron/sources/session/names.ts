/** Words that a file begins with so that it is known for what it is; the number goes up when its meaning changes. */
export const SESSION_SCHEMA = 'regrasp.session/1';
export const MANIFEST_SCHEMA = 'regrasp.session-manifest/1';
export const SESSION_FILE = 'session.json';
export const MANIFEST_FILE = 'session_manifest.json';
