import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText } from './json-text.ts';

const FILE = `{
    "schema": "tasks/2",
    "threshold": 1.50e-03,
    "tasks": {
        "motherboard": {
            "operator": "yx",
            "dates": ["2026-05-10", "2026-05-19"],
            "n_episode_files": 27.0,
            "per_date_notes": {
                "2026-05-10": {"kind": "session", "note": "caf\\u00e9"}
            },
            "z": 12345678901234567890
        }
    }
}
`;

describe('editing a JSON text in place', () => {
  it('changes what is set, and no other byte', () => {
    const file = new JsonText(FILE);
    file.add(['tasks', 'motherboard', 'dates'], '2026-05-11');
    file.set(['tasks', 'motherboard', 'n_episode_files'], 32);
    file.set(['tasks', 'motherboard', 'per_date_notes', '2026-05-11'], { kind: 'session', active_sensors: ['left'] });
    file.set(['tasks', 'motherboard', 'per_date_notes', '2026-05-10', 'active_sensors'], ['left', 'right']);
    expect(file.toString()).toBe(
      FILE.replace('"2026-05-10", "2026-05-19"', '"2026-05-10", "2026-05-11", "2026-05-19"')
        .replace('27.0', '32')
        .replace(
          '"note": "caf\\u00e9"}',
          `"note": "caf\\u00e9", "active_sensors": ["left", "right"]},
                "2026-05-11": {
                    "kind": "session",
                    "active_sensors": [
                        "left"
                    ]
                }`,
        ),
    );
  });

  it('leaves what says the same already as it is written', () => {
    const file = new JsonText(FILE);
    file.set(['tasks', 'motherboard', 'n_episode_files'], 27);
    file.set(['threshold'], 0.0015);
    file.add(['tasks', 'motherboard', 'dates'], '2026-05-19');
    expect(file.toString()).toBe(FILE);
  });

  it.each([
    ['{"a":1,"b":{}}', ['b', 'c'], { d: [1] }, '{"a":1,"b":{"c":{"d":[1]}}}'],
    ['{}', ['a', 'b'], 1, '{\n  "a": {\n    "b": 1\n  }\n}'],
    ['{\r\n\t"a": []\r\n}\r\n', ['b'], { c: 1 }, '{\r\n\t"a": [],\r\n\t"b": {\r\n\t\t"c": 1\r\n\t}\r\n}\r\n'],
    ['\ufeff{"a": 1}', ['b'], 2, '\ufeff{"a": 1, "b": 2}'],
  ])('keeps the layout of %j', (text, path, value, expected) => {
    const file = new JsonText(text);
    file.set(path, value);
    expect(file.toString()).toBe(expected);
  });

  it('adds to empty lists, lists on lines and lists without an order', () => {
    const file = new JsonText('{\n  "a": [],\n  "b": [\n    "2",\n    "4"\n  ],\n  "c": ["z", "a"]\n}');
    file.add(['a'], 'x');
    file.add(['b'], '3');
    file.add(['b'], '5');
    file.add(['b'], '1');
    file.add(['c'], 'm');
    expect(JSON.parse(file.toString())).toEqual({ a: ['x'], b: ['1', '2', '3', '4', '5'], c: ['z', 'a', 'm'] });
    expect(file.toString()).toContain('"b": [\n    "1",\n    "2",\n    "3",\n    "4",\n    "5"\n  ]');
  });

  it.each([
    ['', /line 1: a value is missing/],
    ['{"a": 1,\n}', /line 2: the name/],
    ['{"a": 1}\n{}', /line 2: something stands behind/],
    ['{"a": 1,\n "a": 2}', /line 2: "a" is there twice/],
    ['{"a": 01}', /line 1/],
    ['{"a": [1', /ends too early/],
  ])('refuses %j and names the line', (text, sentence) => {
    expect(() => new JsonText(text)).toThrow(sentence);
  });

  it('reads what JSON.parse reads, and sets what it then finds there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), fc.jsonValue(), (value, indent, next) => {
        const file = new JsonText(JSON.stringify({ value, other: 1 }, null, indent));
        file.set(['added', 'below'], next);
        file.set(['value'], next);
        expect(JSON.parse(file.toString())).toEqual(
          JSON.parse(JSON.stringify({ value: next, other: 1, added: { below: next } })),
        );
      }),
    );
  });
});
