import type { BuiltOutcome, HistoryLine, Outcome } from './outcome.ts';
import type { ShownTexts } from './shown-texts.ts';

/** Lines that say how an outcome differs from the expected one; none when they are alike. `-` is expected, `+` is there. */
export function compareOutcomes(expected: Outcome, actual: Outcome, options: CompareOptions): string[] {
  if (expected.built && actual.built) {
    return options.hasHistory
      ? compareBuilt(expected, actual, options)
      : compareBuilt(essentials(expected), essentials(actual), options);
  }
  if (expected.built) return ['- builds', `+ fails: ${actual.built ? '' : actual.message}`];
  if (actual.built) return [`- fails: ${expected.message}`, '+ builds'];
  if (!options.hasLines || expected.line === undefined || expected.line === actual.line) return [];
  return [`- fails at line ${expected.line}: ${expected.message}`, `+ fails at line ${actual.line}: ${actual.message}`];
}

export interface CompareOptions {
  /** Whether the builder names lines and warnings. */
  readonly hasLines: boolean;
  /** Whether the history is told in BuildKit's words. */
  readonly hasHistory: boolean;
}

function compareBuilt(expected: BuiltOutcome, actual: BuiltOutcome, options: CompareOptions): string[] {
  const tree = compareLists('tree', expected.tree, keptTimes(actual.tree, expected.tree));
  return [
    ...compareLists('config', configLines(expected), configLines(actual)),
    ...(options.hasHistory
      ? compareLists('history', expected.history.map(historyText), actual.history.map(historyText))
      : []),
    ...tree,
    ...(tree.length === 0 && options.hasHistory
      ? compareLists('layers', layerLines(expected), keptTimes(layerLines(actual), layerLines(expected)))
      : []),
    ...(options.hasHistory ? compareShown(expected.shown ?? {}, actual.shown ?? {}) : []),
    ...(options.hasLines && expected.warnings && actual.warnings
      ? compareLists('warnings', expected.warnings, actual.warnings)
      : []),
  ];
}

function compareShown(expected: ShownTexts, actual: ShownTexts): string[] {
  const missing = ['(not there)'];
  return Object.keys(expected).flatMap((name) =>
    compareLists(name, expected[name] ?? missing, actual[name] ?? missing),
  );
}

/** Of another builder's image: without times, its own label, and a key that only BuildKit writes. */
function essentials(outcome: BuiltOutcome): BuiltOutcome {
  const { ArgsEscaped: _, Labels, ...container } = (outcome.config.config ?? {}) as Record<string, unknown>;
  const { 'io.buildah.version': __, ...labels } = (Labels ?? {}) as Record<string, unknown>;
  const config = { ...container, ...(Object.keys(labels).length > 0 ? { Labels: labels } : {}) };
  return {
    ...outcome,
    config: { ...outcome.config, config },
    tree: outcome.tree.map((line) => line.replace(/ @(?:base|context|\d+)$/, '')),
  };
}

const KEPT = / @(?:base|context|\d+)$/;

/**
 * Slipway's one difference everywhere: a directory that a COPY only adds a file to keeps its time, and one that the whole
 * context is copied to has the context's, where BuildKit's have that of the build. So the same files make the same layer at
 * any time.
 */
function keptTimes(actual: readonly string[], expected: readonly string[]): string[] {
  return actual.map((line) => {
    const now = line.replace(KEPT, '');
    return /^(?:\d+ )?d /.test(line) && !expected.includes(line) && expected.includes(now) ? now : line;
  });
}

function configLines({ config }: BuiltOutcome): string[] {
  const { config: container, ...rest } = config;
  return [...Object.entries(rest), ...Object.entries((container ?? {}) as object)].map(
    ([key, value]) => `${key} ${stable(value)}`,
  );
}

/** JSON in which the order of keys says nothing. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function historyText({ createdBy, empty, comment, author }: HistoryLine): string {
  return [
    createdBy,
    ...(empty ? ['(empty layer)'] : []),
    ...(comment === undefined ? [] : [`comment ${comment}`]),
    ...(author === undefined ? [] : [`author ${author}`]),
  ].join(' ');
}

function layerLines({ layers }: BuiltOutcome): string[] {
  return layers.flatMap((layer, index) => layer.map((line) => `${index} ${line}`));
}

/** Lines that only one side has, in order; where both have the same in another order, that. */
function compareLists(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  if (expected.join('\n') === actual.join('\n')) return [];
  const missing = expected.filter((line) => !actual.includes(line)).map((line) => `- ${what}: ${line}`);
  const extra = actual.filter((line) => !expected.includes(line)).map((line) => `+ ${what}: ${line}`);
  const lines = [...missing, ...extra];
  return lines.length > 0 ? lines : [`- ${what}: ${expected.join(' | ')}`, `+ ${what}: ${actual.join(' | ')}`];
}
