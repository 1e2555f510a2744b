/**
 * JSON with the keys of every object in code unit order and without absent fields, so that equal values have equal
 * text however they were put together.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join()}]`;
  return isRecord(value) ? `{${members(value).join()}}` : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function members(record: Record<string, unknown>): readonly string[] {
  const present = Object.keys(record).filter((key) => record[key] !== undefined);
  return present.sort().map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
}
