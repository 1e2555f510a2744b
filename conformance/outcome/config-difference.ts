type Json = Readonly<Record<string, unknown>>;

/** What outcomes have elsewhere, or what is different on every run. */
const APART = ['created', 'history', 'rootfs', 'container', 'container_config', 'docker_version'];

/**
 * The keys of an image config that are not as the base has them. Maps are compared key by key; of `Env` the entries that
 * the base has alike in the same order are left out. What the base has and the image lost is null. Nothing, an empty
 * text, an empty list and false are the same: builders differ in whether they write them, and readers must not care.
 */
export function configDifference(config: Json, base: Json | undefined): Json {
  const { config: own, ...rest } = without(config, APART);
  const { config: inherited, ...below } = without(base ?? {}, APART);
  const container = difference((own ?? {}) as Json, (inherited ?? {}) as Json);
  return { ...difference(rest, below), ...(Object.keys(container).length > 0 ? { config: container } : {}) };
}

function without(json: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([key, value]) => !keys.includes(key) && value !== null));
}

function difference(own: Json, base: Json): Json {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])].sort();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = filled(own[key]);
      const inherited = filled(base[key]);
      if (JSON.stringify(value) === JSON.stringify(inherited)) return [];
      return [
        [key, isMap(value) && isMap(inherited) ? difference(value, inherited) : envDifference(key, value, inherited)],
      ];
    }),
  );
}

function filled(value: unknown): unknown {
  const isEmptyList = Array.isArray(value) && value.length === 0;
  return value && !isEmptyList ? value : null;
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function envDifference(key: string, value: unknown, base: unknown): unknown {
  if (key !== 'Env' || !Array.isArray(value) || !Array.isArray(base)) return value;
  return base.every((entry, index) => value[index] === entry) ? ['…', ...value.slice(base.length)] : value;
}
