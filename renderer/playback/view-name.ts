let views = 0;

/**
 * A name for requests that supersede each other. No other window and no earlier page of this one has it: to the workstation
 * a name counts on, and what counts from one anew under a name it knows is dropped as too old.
 */
export function newView(purpose: string): string {
  views += 1;
  return `${purpose}-${views}-${Math.random().toString(36).slice(2, 8)}`;
}
