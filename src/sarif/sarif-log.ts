/**
 * Findings as a SARIF 2.1.0 log, the form in which code hosts and editors take them. The room must not know what found them: a
 * rule, a result and a place come in as plain data. What surprises: columns count UTF-16 units, as everywhere in Slipway, and
 * the log says so; a place without a region means the whole artifact.
 */
import { pathToFileURL } from 'node:url';
import type { SourceRange } from '../diagnostics/source-range.ts';

export type SarifLevel = 'error' | 'warning' | 'note' | 'none';

/** What was checked. Every rule that ran is listed, also when it found nothing. */
export interface SarifRule {
  /** Stable: results name it. */
  readonly id: string;
  /** One sentence without markup. */
  readonly summary: string;
  /** The level of results that say none themselves. */
  readonly level: SarifLevel;
  /** Address of the page that explains it. */
  readonly helpUri?: string | undefined;
}

/** Where a result is: a file or image, and the piece of its text. */
export interface SarifPlace {
  /** A relative path (slash-separated), an absolute one, or a URI. */
  readonly path: string;
  readonly range?: Pick<SourceRange, 'start' | 'end'> | undefined;
  /** A place that is no text: `layer 2: /app/.env`. */
  readonly logical?: string | undefined;
}

/** An edit that mends the result: each range is replaced by its text. */
export interface SarifFix {
  readonly description: string;
  readonly path: string;
  readonly replacements: readonly { readonly range: Pick<SourceRange, 'start' | 'end'>; readonly text: string }[];
}

/** One result. `kind` says what became of a check that lists everything it looked at: `fail` by default. */
export interface SarifResult {
  readonly ruleId: string;
  /** The rule's, where it is left out; only a failed result has one. */
  readonly level?: SarifLevel | undefined;
  readonly kind?: 'fail' | 'pass' | 'notApplicable' | 'informational' | undefined;
  readonly message: string;
  readonly places: readonly SarifPlace[];
  readonly fixes?: readonly SarifFix[] | undefined;
  /** Equal for the same finding in two runs, so that hosts can follow it. */
  readonly fingerprint?: string | undefined;
}

export interface SarifRun {
  /** Of Slipway. */
  readonly version: string;
  /** Where the rules are explained as a whole. */
  readonly informationUri?: string | undefined;
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** The log as plain data: `JSON.stringify` makes the file. Throws a plain error for a result of a rule that is not listed. */
export function sarifLog({ version, informationUri, rules, results }: SarifRun): Readonly<Record<string, unknown>> {
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const driver = { name: 'Slipway', semanticVersion: version, informationUri, rules: rules.map(reportingDescriptor) };
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => {
          const ruleIndex = indexes.get(result.ruleId);
          if (ruleIndex === undefined) throw new Error(`the rule ${result.ruleId} of a result is not listed`);
          return resultObject(result, ruleIndex);
        }),
      },
    ],
  };
}

function reportingDescriptor({ id, summary, level, helpUri }: SarifRule): object {
  return { id, shortDescription: { text: summary }, helpUri, defaultConfiguration: { level } };
}

function resultObject(result: SarifResult, ruleIndex: number): object {
  const { ruleId, level, kind = 'fail', message, places, fixes, fingerprint } = result;
  return {
    ruleId,
    ruleIndex,
    kind,
    // SARIF 3.27.10: what did not fail has no level but "none".
    level: kind === 'fail' ? level : 'none',
    message: { text: message },
    locations: places.map(locationObject),
    fixes: fixes?.map(fixObject),
    partialFingerprints: fingerprint === undefined ? undefined : { 'slipway/v1': fingerprint },
  };
}

function locationObject({ path, range, logical }: SarifPlace): object {
  return {
    physicalLocation: { artifactLocation: { uri: artifactUri(path) }, region: range && region(range) },
    logicalLocations: logical === undefined ? undefined : [{ fullyQualifiedName: logical }],
  };
}

function fixObject({ description, path, replacements }: SarifFix): object {
  return {
    description: { text: description },
    artifactChanges: [
      {
        artifactLocation: { uri: artifactUri(path) },
        replacements: replacements.map(({ range, text }) => ({
          deletedRegion: region(range),
          insertedContent: { text },
        })),
      },
    ],
  };
}

/** SARIF 3.30.2: the end column is exclusive, as in a `SourceRange`. */
function region({ start, end }: Pick<SourceRange, 'start' | 'end'>): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A relative path stays relative, so that hosts find it in the repository. */
function artifactUri(path: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return encodeURI(path);
  if (path.startsWith('/')) return pathToFileURL(path).href;
  return path.split('/').map(encodeURIComponent).join('/');
}
