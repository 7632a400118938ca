import type { Finding } from '../../shared/review/finding.ts';
import { emptyHistory, layerOf as emptyLayerOf } from '../../shared/review/fold.ts';
import type { Layer } from '../../shared/review/review.ts';

/** A finding and a layer for the tests of this folder. */
export function findingAt(first: number, last: number, severity = 0.5, more: Partial<Finding> = {}): Finding {
  const { detector = 'pose-freeze', side = 'left' } = more;
  return {
    id: `${detector}:${side ?? '-'}:${first}-${last}`,
    ...{ detector, class: 'ot_loss', side, streams: [], tracks: ['sensor_left'], series: [] },
    ...{ ticks: [first, last], startNs: first * 1e7, endNs: last * 1e7, signals: {}, thresholds: {} },
    ...{ margin: 1, severity, text: 'The pose stands still.' },
    ...more,
  };
}

export function layerOf(annotator = 'ada', more: Partial<Layer> = {}): Layer {
  return { ...emptyLayerOf(emptyHistory(annotator)), ...more };
}
