import { describe, expect, it } from 'vitest';
import { ISSUES } from '@hiveferry/core';
import { COMBINATION_RULES } from './combination-rules.ts';
import { PEER_CODES } from './peer-codes.ts';
import { RUN_RULES } from './run-rules.ts';

const RULES = [...RUN_RULES, ...COMBINATION_RULES].map(({ code }) => code);

describe("hms-mirror's message codes", () => {
  it('are all there, once', () => {
    expect(PEER_CODES).toHaveLength(145);
    expect(new Set(PEER_CODES.map(({ code }) => code)).size).toBe(145);
  });

  it('name codes that exist here', () => {
    const ours = new Set([...Object.keys(ISSUES), ...RULES]);
    const named = PEER_CODES.flatMap(({ here }) => [...here.matchAll(/`([A-Z_]{6,})`/g)].map(([, code = '']) => code));
    expect(named.filter((code) => !ours.has(code))).toEqual([]);
  });

  it('cover every rule that refuses a run, but those for what hms-mirror has no code', () => {
    const codes = new Set(PEER_CODES.map(({ code }) => code));
    expect(RULES.filter((code) => !codes.has(code))).toEqual(['EXECUTE_NOT_AVAILABLE', 'NO_DATABASES']);
  });
});
