export interface PlacedLabel {
  text: string;
  /** Left end of the base line, CSS pixels. */
  x: number;
  y: number;
}

const LINE_PX = 12;

/** Pixels that letters reach below and above their base line. */
const [BELOW_PX, ABOVE_PX] = [3, 9];

/**
 * The labels in the order they come, each where it belongs, or so far inside the pane that nothing of it is cut off, or, where
 * it would lie over one before it, as few lines lower as are free. `widthOf` measures a text; the pane is CSS pixels.
 */
export function placeLabels<Label extends PlacedLabel>(
  labels: readonly Label[],
  widthOf: (text: string) => number,
  pane: { width: number; height: number },
): Label[] {
  const placed: { left: number; right: number; y: number }[] = [];
  return labels.map((label) => {
    const wide = widthOf(label.text);
    const left = Math.max(0, Math.min(label.x, pane.width - wide));
    const right = left + wide;
    const over = placed.filter((other) => other.left < right && left < other.right);
    let y = Math.max(ABOVE_PX, Math.min(label.y, pane.height - BELOW_PX));
    for (let tries = 0; tries < labels.length; tries += 1) {
      const hit = over.find((other) => Math.abs(other.y - y) < LINE_PX);
      if (!hit) break;
      y = hit.y + LINE_PX;
    }
    placed.push({ left, right, y });
    return { ...label, x: left, y };
  });
}
