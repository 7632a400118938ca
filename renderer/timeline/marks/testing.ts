import type { Marks } from '../../../shared/review/marker-faults.ts';
import type { Failure, Recovery } from '../../../shared/review/markers.ts';

/** 30 ticks a second from 0. */
export function ticksOf(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, tick) => Math.round((tick * 1e9) / 30));
}

export function failureOf(more: Partial<Failure> = {}): Failure {
  return {
    ...{ event: 300, window: [96, 492] as [number, number], code: 'GRASP_SLIP', severity: 'low' },
    ...{ resetability: 'immediate', whatHappened: '', handOff: null, ...more },
  };
}

export function recoveryOf(more: Partial<Recovery> = {}): Recovery {
  return {
    ...{ failure: 'f', ticks: [340, 420] as [number, number], controlMode: 'teleoperation' as const },
    ...{ howRecovered: '', outcome: 'recovered' as const, ...more },
  };
}

export function marksOf(more: Partial<Marks> = {}): Marks {
  return { failures: {}, recoveries: {}, taskMarks: {}, ...more };
}
