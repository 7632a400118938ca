/** Colours of the theme as a canvas needs them: resolved, since a canvas knows no custom properties. */
export interface Palette {
  readonly bg: string;
  readonly surface: string;
  readonly raised: string;
  readonly border: string;
  readonly borderStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly good: string;
  readonly warning: string;
  readonly bad: string;
  readonly left: string;
  readonly right: string;
  readonly fontUi: string;
  /** Lines that are told apart by hue alone: as many as `--series-…` there are. */
  readonly series: readonly string[];
}

const VARIABLES = {
  bg: '--color-bg',
  surface: '--color-surface',
  raised: '--color-surface-raised',
  border: '--color-border',
  borderStrong: '--color-border-strong',
  text: '--color-text',
  muted: '--color-text-muted',
  accent: '--color-accent',
  good: '--color-good',
  warning: '--color-warning',
  bad: '--color-bad',
  left: '--wong-orange-line',
  right: '--wong-blue-line',
} as const;

/** `--series-1` to `--series-7`. */
export const SERIES_HUES = 7;

/** Reads the palette where `host` stands in the page: all colours at once, because each change of a style has all styles worked out anew. */
export function readPalette(host: HTMLElement): Palette {
  const named = Object.entries(VARIABLES);
  const variables = [
    ...named.map(([, variable]) => variable),
    ...Array.from({ length: SERIES_HUES }, (_, hue) => `--series-${hue + 1}`),
  ];
  const probes = variables.map((variable) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${variable})`;
    return probe;
  });
  const hidden = document.createElement('span');
  hidden.hidden = true;
  hidden.append(...probes);
  host.append(hidden);
  const colors = probes.map((probe) => getComputedStyle(probe).color);
  hidden.remove();
  const resolved = Object.fromEntries(named.map(([name], at) => [name, colors[at]])) as Record<
    keyof typeof VARIABLES,
    string
  >;
  return { ...resolved, series: colors.slice(named.length), fontUi: getComputedStyle(host).fontFamily };
}

/** Calls when the theme changes, by the machine or by the person. Answers the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  media.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', listener);
  };
}
