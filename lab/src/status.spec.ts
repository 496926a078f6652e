import { expect, test } from 'vitest';
import { openListeners, statusText } from './status.ts';

const services = [
  { name: 'source-metastore', pid: 11, listens: ['*:9083', '127.0.0.1:1'] },
  { name: 'target-metastore', pid: 12, listens: ['127.0.0.1:9084'] },
  { name: 'kafka', pid: undefined, listens: [] },
];
const warning = 'WARNING: source-metastore listens on all interfaces (*:9083) without authentication; it ignores its bind address.';

test('warns of each service that other machines reach, by its open ports', () => {
  expect(openListeners(services)).toEqual([warning]);
});

test('the status says what avoids it, and warns of nothing in a network of its own', () => {
  expect(statusText(services, false).split('\n').slice(4)).toEqual([`${warning} --netns avoids it.`]);
  expect(statusText(services, true).split('\n')).toHaveLength(4);
});
