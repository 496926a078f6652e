import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ISSUES } from '@hiveferry/core';
import { COMBINATION_RULES } from './combination-rules.ts';
import { EXECUTE_RULES } from './execute/execute-rules.ts';
import { PEER_CODES } from './peer-codes.ts';
import { RUN_RULES } from './run-rules.ts';

const RULES = [...new Set([...RUN_RULES, ...COMBINATION_RULES, ...EXECUTE_RULES].map(({ code }) => code))];

describe("hms-mirror's message codes", () => {
  it('are all there, once', () => {
    expect(PEER_CODES).toHaveLength(145);
    expect(new Set(PEER_CODES.map(({ code }) => code)).size).toBe(145);
  });

  it('have each a row of its own in the reference, and so has each issue of ours', () => {
    const rowsOf = (page: string): readonly string[] => {
      const text = readFileSync(join(import.meta.dirname, '../../../../docs', page), 'utf8');
      return [...text.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \| (?! *\|)/gm)].map(([, code = '']) => code);
    };
    const peer = rowsOf('how-to/from-hms-mirror.md');
    expect(PEER_CODES.filter(({ code }) => peer.filter((row) => row === code).length !== 1)).toEqual([]);
    const issues = new Set(rowsOf('reference/issues.md'));
    expect(Object.keys(ISSUES).filter((code) => !issues.has(code))).toEqual([]);
  });

  it('say why where nothing here says the same', () => {
    expect(PEER_CODES.filter(({ here }) => here.trim().length < 10)).toEqual([]);
  });

  it('name codes that exist here', () => {
    const ours = new Set([...Object.keys(ISSUES), ...RULES]);
    const named = PEER_CODES.flatMap(({ here }) => [...here.matchAll(/`([A-Z_]{6,})`/g)].map(([, code = '']) => code));
    expect(named.filter((code) => !ours.has(code))).toEqual([]);
  });

  it('cover every rule that refuses a run, but those for what hms-mirror has no code', () => {
    const codes = new Set(PEER_CODES.map(({ code }) => code));
    expect(RULES.filter((code) => !codes.has(code))).toEqual(['NO_DATABASES', 'EXECUTE_NOT_AVAILABLE']);
  });
});
