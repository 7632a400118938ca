import { expect, it } from 'vitest';
import { contactSides, IN_CONTACT_MIXED } from './contact-sides.ts';
import type { Side } from './signals.ts';

const gel = (side: Side, touching: number, idle: number, unread = 0) => ({
  side,
  mixed: Float32Array.from([
    ...Array<number>(touching).fill(IN_CONTACT_MIXED + 0.1),
    ...Array<number>(idle).fill(IN_CONTACT_MIXED / 2),
    ...Array<number>(unread).fill(Number.NaN),
  ]),
});

it('proposes the gels that touched something for a hundredth of what could be read', () => {
  expect(contactSides([gel('left', 10, 90, 300), gel('right', 0, 100)])).toEqual({ left: 0.1, right: 0, side: 'left' });
  expect(contactSides([gel('left', 1, 99), gel('right', 1, 99)]).side).toBe('both');
  expect(contactSides([gel('left', 1, 100), gel('right', 50, 50)]).side).toBe('right');
});

it('proposes nothing where no gel touched, is there, or can be read', () => {
  expect(contactSides([gel('left', 0, 50)])).toEqual({ left: 0, right: null, side: null });
  expect(contactSides([])).toEqual({ left: null, right: null, side: null });
  expect(contactSides([gel('left', 0, 0, 9)])).toEqual({ left: null, right: null, side: null });
});
