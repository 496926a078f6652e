import { describe, expect, it } from 'vitest';
import { isBelowAny, isHidden } from './hidden.ts';

describe('hidden paths', () => {
  it.each(['_SUCCESS', '.hive-staging_x/f', 'dt=1/_temporary/0/f', 'dt=1/.f.crc'])('hides %s', (path) => {
    expect(isHidden(path, new Set(['dt=1']))).toBe(true);
  });

  it('shows what a registered partition holds, although its column starts with an underscore', () => {
    expect(isHidden('_p=1/f', new Set(['_p=1']))).toBe(false);
  });

  it('hides what is hidden below such a partition', () => {
    expect(isHidden('_p=1/_SUCCESS', new Set(['_p=1']))).toBe(true);
  });

  it('hides a directory of that form that is not registered', () => {
    expect(isHidden('_p=2/f', new Set(['_p=1']))).toBe(true);
  });

  it('matches whole segments only', () => {
    expect(isBelowAny('nested-not/f', new Set(['nested']))).toBe(false);
    expect(isBelowAny('nested/f', new Set(['nested']))).toBe(true);
  });
});
