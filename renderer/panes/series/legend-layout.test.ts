import { describe, expect, it } from 'vitest';
import { LEGEND_ROW_PX, layoutLegend, shortNames } from './legend-layout.ts';

const joints = Array.from({ length: 14 }, () => 80);
const room = { widthPx: 520, heightPx: 9 * LEGEND_ROW_PX, namesPx: joints, valuePx: 40 };

describe('the legend of a plot', () => {
  it('has the columns that its height asks for, of the same length', () => {
    expect(layoutLegend({ ...room, widthPx: 900 })).toEqual({ columns: 2, rows: 7, nameMostPx: 150 });
    expect(layoutLegend({ ...room, heightPx: 400 })).toMatchObject({ columns: 1, rows: 14 });
    expect(layoutLegend({ ...room, namesPx: [20, 20] })).toMatchObject({ columns: 1, rows: 2 });
  });

  it('cuts names before it gives a column up', () => {
    const long = { ...room, namesPx: joints.map(() => 140) };
    expect(layoutLegend({ ...long, widthPx: 640 })).toMatchObject({ columns: 2, nameMostPx: 112 });
    expect(layoutLegend({ ...long, widthPx: 530 })).toMatchObject({ columns: 2, nameMostPx: 84 });
  });

  it('keeps whole columns and scrolls where there is no room, and leaves the plot its part', () => {
    expect(layoutLegend({ ...room, widthPx: 350, heightPx: 70 })).toEqual({ columns: 1, rows: 14, nameMostPx: 150 });
    expect(layoutLegend({ ...room, widthPx: 200, heightPx: 70 })).toMatchObject({ columns: 1, nameMostPx: 84 });
    expect(layoutLegend({ ...room, heightPx: 0 })).toMatchObject({ columns: 2, rows: 7 });
    expect(layoutLegend({ ...room, namesPx: [] })).toMatchObject({ columns: 1, rows: 0 });
  });
});

describe('short names', () => {
  it('leave out what all begin or end with, by whole words', () => {
    expect(shortNames(['target_left_waist', 'target_left_wrist'])).toEqual(['waist', 'wrist']);
    expect(shortNames(['left_elbow.pos', 'left_gripper.pos'])).toEqual(['elbow', 'gripper']);
    expect(shortNames(['left_joint1', 'right_joint1'])).toEqual(['left', 'right']);
    expect(shortNames(['left', 'left_gripper'])).toEqual(['left', 'left_gripper']);
  });

  it('keep the word of a number, and a name that stands alone', () => {
    expect(shortNames(['joint 1', 'joint 2'])).toEqual(['joint 1', 'joint 2']);
    expect(shortNames(['left_waist'])).toEqual(['left_waist']);
    expect(shortNames(['0', '1'])).toEqual(['0', '1']);
  });
});
