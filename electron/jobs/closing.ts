/** Why work is stopped when the workstation closes: nobody gave it up, and what is finished may be kept for when it goes on. */
export const CLOSING = new DOMException('The workstation closes.', 'AbortError');
