type Json = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isBoolean: Check = (value) => typeof value === 'boolean';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const isStrings = listOf(isString);

const HEALTHCHECK: Readonly<Record<string, Check>> = {
  Test: isStrings,
  Interval: isNumber,
  Timeout: isNumber,
  StartPeriod: isNumber,
  StartInterval: isNumber,
  Retries: isNumber,
};

const HISTORY_ENTRY: Readonly<Record<string, Check>> = {
  created: isString,
  created_by: isString,
  author: isString,
  comment: isString,
  empty_layer: isBoolean,
};

const CONTAINER: Readonly<Record<string, Check>> = {
  User: isString,
  ExposedPorts: isObject,
  Env: isStrings,
  Entrypoint: isStrings,
  Cmd: isStrings,
  Healthcheck: (value) => isObject(value) && wrongField(value, HEALTHCHECK) === undefined,
  Volumes: isObject,
  WorkingDir: isString,
  Labels: mapOf(isString),
  OnBuild: isStrings,
  StopSignal: isString,
  Shell: isStrings,
};

const IMAGE: Readonly<Record<string, Check>> = {
  created: isString,
  author: isString,
  variant: isString,
  'os.version': isString,
  'os.features': isStrings,
  config: isObject,
  history: listOf((value) => isObject(value) && wrongField(value, HISTORY_ENTRY) === undefined),
};

/**
 * The first field of an image config (image-spec config.md, with docker's own) that is not of the type it has there; undefined
 * when all are. As with Go's JSON, null is no value.
 */
export function wrongConfigField(image: Json): string | undefined {
  const field = wrongField(image, IMAGE);
  if (field !== undefined) return field;
  const inner = isObject(image.config) ? wrongField(image.config, CONTAINER) : undefined;
  return inner === undefined ? undefined : `config.${inner}`;
}

function wrongField(json: Json, checks: Readonly<Record<string, Check>>): string | undefined {
  return Object.keys(checks).find((name) => {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    return value !== undefined && value !== null && !checks[name]?.(value);
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
