/** How a recording's own outcome is shown: "success", "failure" or a finer slug of a format. */

export function outcomeTone(outcome: string): 'good' | 'bad' | 'warning' | 'neutral' {
  if (/^(success|succeeded|true)/i.test(outcome)) return 'good';
  if (/fail/i.test(outcome)) return 'bad';
  return /partial|recover|intervention/i.test(outcome) ? 'warning' : 'neutral';
}

/** "partial_success" as "Partial success". */
export function outcomeWord(outcome: string): string {
  const words = outcome.replaceAll(/[_-]+/g, ' ').trim();
  return words === '' ? 'No outcome' : words.charAt(0).toUpperCase() + words.slice(1);
}
