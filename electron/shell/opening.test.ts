import path from 'node:path';
import { expect, test } from 'vitest';
import { readOpenRequest } from './opening.ts';

const folder = path.resolve('/rigs');

test.each([
  [[], { path: null, at: null }],
  [['lab'], { path: path.join(folder, 'lab'), at: null }],
  [['../other', 'second'], { path: path.resolve('/other'), at: null }],
  [['--at', 'episode=a&t=3', 'lab'], { path: path.join(folder, 'lab'), at: 'episode=a&t=3' }],
  [['lab', '--at=episode=a'], { path: path.join(folder, 'lab'), at: 'episode=a' }],
  [['--no-sandbox', '--remote-debugging-port=0', 'lab', '-x'], { path: path.join(folder, 'lab'), at: null }],
  [['', '--at'], { path: null, at: null }],
])('%j opens %j', (words, request) => {
  expect(readOpenRequest(words, folder)).toEqual(request);
});
