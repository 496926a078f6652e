import type { Service } from '../../execute/embedded-service.ts';

/** What plans are compared by. */
export interface Reviewing {
  readonly service: Pick<Service, 'get' | 'bytes'>;
  /** Where RIGHT puts databases of which nobody says a place. */
  readonly defaultDirectory: string;
}

/** What a comparison of the service's plan with the scripts comes to, a line each. */
export interface Review {
  /** Nothing is executed while there is one. */
  readonly refusals: readonly string[];
  readonly notices: readonly string[];
}

export const NOTHING_FOUND: Review = { refusals: [], notices: [] };

/** @param advice what to do, without a full stop */
export function refusal(difference: string, advice: string): Review {
  const line = `EXECUTE_NOT_AVAILABLE: ${difference}; nothing was executed. ${advice}, or run the scripts of a dry run by hand`;
  return { refusals: [line], notices: [] };
}

export function joined(reviews: readonly Review[]): Review {
  return { refusals: reviews.flatMap(({ refusals }) => refusals), notices: reviews.flatMap(({ notices }) => notices) };
}

/** Slashes at the end say nothing. */
export const isSamePlace = (one: string, other: string): boolean => bare(one) === bare(other);

const bare = (location: string): string => location.replace(/\/+$/, '');
