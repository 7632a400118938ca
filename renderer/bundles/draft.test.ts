import { describe, expect, it } from 'vitest';
import { RECIPE_SCHEMA, readRecipe } from '../../shared/bundles/recipe.ts';
import {
  faultsOf,
  folderFor,
  newDraft,
  propertiesOfText,
  rateOfText,
  sharesOfText,
  textOfProperties,
  textOfRate,
  textOfShares,
} from './draft.ts';

describe('a recipe that is being written', () => {
  it('begins as one that can be used', () => {
    const draft = newDraft('rollouts', 2, ['data/a.h5']);
    expect(draft).toMatchObject({ schema: RECIPE_SCHEMA, episodes: { paths: ['data/a.h5'] }, taxonomyVersion: 2 });
    expect(faultsOf(draft).size).toBe(0);
    expect(readRecipe(JSON.parse(JSON.stringify(draft)), 'it')).toEqual(draft);
    expect(newDraft('all', 2).episodes).toEqual({});
  });

  it('has each problem said at its field, in words', () => {
    const draft = newDraft('a/b', 1);
    draft.units.kinds = [];
    draft.targets = [];
    draft.rate = rateOfText('fast');
    draft.streams.widthAtMostPx = Number.NaN;
    draft.episodes.seenShareAtLeast = 1.2;
    draft.episodes.dateFrom = 'May';
    draft.video.crf = 99;
    draft.split.shares = sharesOfText('train 0.5, Test x');
    const faults = faultsOf(draft);
    expect([...faults.keys()].sort()).toEqual(
      [
        ...['name', 'units.kinds', 'targets', 'rate', 'streams.widthAtMostPx', 'episodes.seenShareAtLeast'],
        ...['episodes.dateFrom', 'video.crf', 'split.shares'],
      ].sort(),
    );
    for (const sentence of faults.values()) expect(sentence).not.toMatch(/expected|invalid/i);
  });

  it.each([
    ['15', { numerator: 15, denominator: 1 }],
    ['29.97', { numerator: 2997, denominator: 100 }],
    ['30000/1001', { numerator: 30_000, denominator: 1001 }],
  ])('reads a rate of %s and writes it again', (text, rate) => {
    expect(rateOfText(text)).toEqual(rate);
    expect(textOfRate(rate)).toBe(text);
    expect(faultsOf({ ...newDraft('a', 1), rate: rateOfText(text) }).size).toBe(0);
  });

  it.each(['', '-5', '0', '1/0', '1/2/3', '7.12345'])('takes no rate of %j', (text) => {
    expect(faultsOf({ ...newDraft('a', 1), rate: rateOfText(text) }).has('rate')).toBe(true);
  });

  it('reads shares and writes them again', () => {
    expect(sharesOfText('train 0.9, test: 0.1')).toEqual({ train: 0.9, test: 0.1 });
    expect(textOfShares({ train: 0.9, test: 0.1 })).toBe('train 0.9, test 0.1');
  });

  it.each([
    ['lighting: dim, bright; payload: 2.5', { lighting: ['dim', 'bright'], payload: [2.5] }],
    ['done: true, "true"; serial: 007, "7"', { done: [true, 'true'], serial: ['007', '7'] }],
    ['address: http://lab:80', { address: ['http://lab:80'] }],
    ['', undefined],
  ])('reads the properties %s and writes them again', (text, properties) => {
    expect(propertiesOfText(text)).toEqual(properties);
    expect(textOfProperties(properties)).toBe(text);
    const episodes = properties === undefined ? {} : { properties };
    expect(faultsOf({ ...newDraft('a', 1), episodes }).size).toBe(0);
  });

  it.each(['lighting', 'lighting:', ': dim'])('takes no properties of %j', (text) => {
    const episodes = { properties: propertiesOfText(text) };
    expect([...faultsOf({ ...newDraft('a', 1), episodes }).keys()]).toEqual(['episodes.properties']);
  });

  it('proposes a folder that can be one', () => {
    expect(folderFor('lab', 'grasp slips')).toBe('lab-grasp slips');
    expect(folderFor('.lab: 2/3', 'a.')).toBe('lab- 2-3-a');
    expect(folderFor('***', '')).not.toBe('');
  });
});
