import { distance } from 'fastest-levenshtein';

const MAX_DISTANCE = 2;

/**
 * The candidate that BuildKit would suggest for a word: the first of the nearest that at most two letters make; none
 * when the word is a candidate itself.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = MAX_DISTANCE + 1;
  for (const candidate of candidates) {
    if (candidate === word) return undefined;
    const d = distance(word, candidate);
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}
