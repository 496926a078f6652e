import { z } from 'zod';

/** YAML files of hms-mirror say `true` and `"true"`; both are meant. */
const asBoolean = (value: unknown): unknown => {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (text === 'true') return true;
  return text === 'false' ? false : value;
};

const asNumber = (value: unknown): unknown => (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value);

const asText = (value: unknown): unknown => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value);

export const Switch = (fallback: boolean, description: string) =>
  z.preprocess(asBoolean, z.boolean()).default(fallback).meta({ description, expected: 'true or false' });

export const Whole = (fallback: number, description: string) =>
  z.preprocess(asNumber, z.int()).default(fallback).meta({ description, expected: 'a whole number' });

/** Text; numbers and truth values that YAML made of it are text again. */
export const PlainText = z.preprocess(asText, z.string());

export const AtLeast = (least: number, fallback: number, description: string) =>
  z
    .preprocess(asNumber, z.int().min(least, `a whole number from ${least}`))
    .default(fallback)
    .meta({ description, expected: `a whole number from ${least}` });

export const Text = (description: string) => PlainText.exactOptional().meta({ description, expected: 'a text' });

export const TextWith = (fallback: string, description: string) => PlainText.default(fallback).meta({ description, expected: 'a text' });

/** A word of a closed list; hms-mirror's own words are upper case, and lower case is understood. */
export const Word = <const T extends readonly [string, ...string[]]>(words: T) =>
  z
    .preprocess((value) => (typeof value === 'string' ? value.trim().toUpperCase() : value), z.enum(words))
    .meta({ expected: `one of ${words.join(', ')}` });
