/** Values that stand in examples and templates where a secret goes. */
const PLACEHOLDER =
  /example|sample|placeholder|change[-_]?me|change[-_]?this|replace[-_]?me|redacted|dummy|fake|todo|fixme|insert|your[-_]?|[-_]here$|x{4}|\*{3}|\.{3}|123456789|abcdefgh|deadbeef|test[-_]?(?:key|token|secret|pass)/i;
/** Filled in later: by a shell, a template, printf; or another place of a YAML file. */
const REFERENCE = /^[$<[]|^[*&][a-z]+(?:[-_][a-z]+)*$|[$#]\{|\{\{|\$\(|%[sdvq](?![0-9a-f])|^@/i;
const COMMON =
  /^(?:pass(?:word|wd|phrase)?|pwd?|secrets?|token|key|api-?key|user(?:name)?|admin|root|none|null|nil|undefined|true|false|yes|no|on|off|foo|bar|baz|test|string|text|hidden|empty|default|required|optional|auto|prompt|guest|anonymous)\d{0,3}$/i;
const FEWEST_CHARACTERS = 3;

/** True for what nobody's secret is: an example, a reference to where the value is, one of the words that stand for it. */
export function isPlaceholder(value: string): boolean {
  return (
    COMMON.test(value) || REFERENCE.test(value) || PLACEHOLDER.test(value) || new Set(value).size < FEWEST_CHARACTERS
  );
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const DIGEST = /^(?:sha\d+|md5|h1)[:-]/i;
const HEX = /^[0-9a-f]+$/i;
const PATH_OR_URL = /^(?:\.{0,2}\/|~|[a-z]:\\)|:\/\/|^(?:[\w-]+\/)+[\w.-]+$/i;
const WORDS = /^[A-Za-z\-_.:/ ]*\d{0,4}$/;
const CALL_OR_FIELD = /[()[\]{}<>\\]|^\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

/** No generator writes blanks or letters of other alphabets: a sentence under the name "password" is a label. */
const PROSE = /[^\x21-\x7e]/;

const SHORTEST_GENERATED = 12;
const HEX_BITS = 3;
const MIXED_BITS = 3.5;

/**
 * True for text that a generator of secrets wrote: long, without words, with as much entropy as its alphabet allows. Digests that
 * say so, UUIDs, paths, URLs, expressions, identifiers and sentences are none.
 */
export function looksGenerated(value: string): boolean {
  if (value.length < SHORTEST_GENERATED || isPlaceholder(value)) return false;
  if ([PROSE, UUID, DIGEST, PATH_OR_URL, CALL_OR_FIELD, WORDS].some((pattern) => pattern.test(value))) return false;
  if (HEX.test(value)) return value.length >= 32 && /[a-f]/i.test(value) && entropyBits(value) >= HEX_BITS;
  return characterClasses(value) >= (value.length < 20 ? 3 : 2) && entropyBits(value) >= MIXED_BITS;
}

function characterClasses(value: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length;
}

/** Shannon's entropy of the characters, in bits each. */
export function entropyBits(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
