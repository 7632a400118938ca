/**
 * The one address space the window may show. Node's URL answers the origin "null" for a scheme of one's own (only Chromium
 * knows that it is a standard scheme), so addresses are compared by protocol and host, parsed, never by text.
 */
export const SCHEME = 'regrasp';
export const APP_HOST = 'app';
export const START_ADDRESS = `${SCHEME}://${APP_HOST}/index.html`;

export function isAppAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${SCHEME}:` && host === APP_HOST && username === '' && password === '';
}
