export interface PlacedLabel {
  text: string;
  /** Left end of the base line, CSS pixels. */
  x: number;
  y: number;
}

const LINE_PX = 12;

/**
 * The labels in the order they come, each where it belongs or, where it would lie over one before it, as few lines lower as
 * are free. `widthOf` measures a text.
 */
export function placeLabels<Label extends PlacedLabel>(
  labels: readonly Label[],
  widthOf: (text: string) => number,
): Label[] {
  const placed: { left: number; right: number; y: number }[] = [];
  return labels.map((label) => {
    const left = label.x;
    const right = left + widthOf(label.text);
    const over = placed.filter((other) => other.left < right && left < other.right);
    let { y } = label;
    for (let tries = 0; tries < labels.length; tries += 1) {
      const hit = over.find((other) => Math.abs(other.y - y) < LINE_PX);
      if (!hit) break;
      y = hit.y + LINE_PX;
    }
    placed.push({ left, right, y });
    return { ...label, y };
  });
}
