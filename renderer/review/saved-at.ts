/** "Saved 12:03:10" by this machine's clock, with the date where it was another day. */
export function savedAtText(savedAt: string, now: Date): string {
  const at = new Date(savedAt);
  if (Number.isNaN(at.getTime())) return 'Saved';
  const pad = (value: number) => String(value).padStart(2, '0');
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return at.toDateString() === now.toDateString() ? `Saved ${time}` : `Saved ${day} ${time}`;
}
