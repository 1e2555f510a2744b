/**
 * Ordered patterns with exceptions, as .dockerignore has them: the last pattern that matches a path or one of its
 * parents decides. One matcher serves .dockerignore, --exclude and --parents. It knows paths, not files. What
 * surprises: a path is judged with what its parents' judgement left undecided, exactly as BuildKit's walk does it, so
 * parents are asked first.
 */
import type { ErrorCode } from '../../diagnostics/error-code.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import { type CompiledPattern, compileIgnorePattern } from './ignore-pattern.ts';

/** A pattern and where it was written. */
export interface PatternSource {
  /** Shown to people, and matched. A leading `!` takes back. */
  readonly text: string;
  readonly range?: SourceRange | undefined;
}

export interface PatternMatcherOptions {
  /** Code of the error for a malformed pattern; DOCKERFILE_INVALID_VALUE unless told. */
  readonly code?: ErrorCode;
  /** The text that the patterns' ranges point into. */
  readonly source?: string;
}

/** What is known of a directory when its entries are judged. Opaque; the root's is `undefined`. */
export interface PatternState {
  /** 1 for each pattern that matched the directory or a parent of it. */
  readonly matched: Uint8Array;
  /** Indexes of the patterns that can say anything about what is below; the others need not be asked there. */
  readonly live: readonly number[];
}

export interface PatternVerdict {
  readonly matched: boolean;
  /** For the entries of this path, if it is a directory. */
  readonly state: PatternState;
}

export class PatternMatcher {
  /** In order, without the empty ones. */
  readonly patterns: readonly PatternSource[];
  readonly #compiled: readonly CompiledPattern[];
  readonly #all: readonly number[];
  readonly #hasExceptions: boolean;

  /** @throws KnownError for the first malformed pattern, with its range. */
  constructor(patterns: readonly (PatternSource | string)[], options: PatternMatcherOptions = {}) {
    const kept: PatternSource[] = [];
    const compiled: CompiledPattern[] = [];
    for (const pattern of patterns) {
      const source = typeof pattern === 'string' ? { text: pattern } : pattern;
      const result = compile(source, options);
      if (!result) continue;
      kept.push(source);
      compiled.push(result);
    }
    this.patterns = kept;
    this.#compiled = compiled;
    this.#all = compiled.map((_, index) => index);
    this.#hasExceptions = compiled.some(({ isException }) => isException);
  }

  /** Judges a directory given its parent's state; parents come first. */
  judge(path: string, parent: PatternState | undefined): PatternVerdict {
    const matched = new Uint8Array(this.#compiled.length);
    const decided = this.#decide(path, parent, matched);
    const live = (parent?.live ?? this.#all).filter(
      (index) => matched[index] === 1 || this.#compiled[index]?.mayMatchBelow(path),
    );
    return { matched: decided >= 0, state: { matched, live } };
  }

  /** As `judge` for something that has no entries. */
  judgeFile(path: string, parent: PatternState | undefined): boolean {
    return this.#decide(path, parent, undefined) >= 0;
  }

  /** Judges a path without knowledge of its parents. Slash-separated, without a leading slash; '' never matches. */
  matches(path: string): boolean {
    return this.explainPath(path) !== undefined;
  }

  /** The pattern by which a path is matched, or undefined when it is not (or an exception took it back). */
  explainPath(path: string): PatternSource | undefined {
    if (path === '') return undefined;
    let state: PatternState | undefined;
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      const matched = new Uint8Array(this.#compiled.length);
      this.#decide(path.slice(0, end), state, matched);
      state = { matched, live: this.#all };
    }
    const decided = this.#decide(path, state, undefined);
    return decided < 0 ? undefined : this.patterns[decided];
  }

  /** The exception that took a path back from earlier patterns, or undefined when there was nothing to take back. */
  explainException(path: string): PatternSource | undefined {
    if (this.matches(path)) return undefined;
    return this.patterns.findLast((pattern, index) => {
      const compiled = this.#compiled[index];
      return compiled?.isException === true && withParents(path).some(compiled.matches) && pattern !== undefined;
    });
  }

  /** Whether anything below a matched directory could be taken back by an exception: if not, nobody needs to look. */
  mayRestoreBelow(directory: string): boolean {
    if (!this.#hasExceptions) return false;
    return this.#compiled.some((pattern) => pattern.isException && pattern.mayMatchBelow(directory));
  }

  /** Whether anything below a directory that does not match could match. */
  mayMatchBelow(directory: string): boolean {
    return this.#compiled.some((pattern) => !pattern.isException && pattern.mayMatchBelow(directory));
  }

  /** Index of the pattern that made the path matched; -1 when it is not. `said` receives what each pattern said. */
  #decide(path: string, parent: PatternState | undefined, said: Uint8Array | undefined): number {
    let decided = -1;
    for (const index of parent?.live ?? this.#all) {
      const pattern = this.#compiled[index] as CompiledPattern;
      // A pattern that could not change the verdict is not even asked; what it would have said stays unknown below.
      if (parent?.matched[index] !== 1 && (pattern.isException !== decided >= 0 || !pattern.matches(path))) continue;
      if (said) said[index] = 1;
      if (pattern.isException) decided = -1;
      else if (decided < 0) decided = index;
    }
    return decided;
  }
}

function compile(pattern: PatternSource, options: PatternMatcherOptions): CompiledPattern | undefined {
  const compiled = compileIgnorePattern(pattern.text);
  if (!compiled || !('problem' in compiled)) return compiled;
  const error = new KnownError(
    options.code ?? 'DOCKERFILE_INVALID_VALUE',
    `The pattern ${JSON.stringify(pattern.text)} cannot be read: ${compiled.problem}.`,
    {
      hint: 'Write a backslash in front of a character that is meant as it stands: \\[ \\* \\? \\\\.',
      range: pattern.range,
    },
  );
  throw options.source === undefined ? error : error.within(options.source);
}

function withParents(path: string): readonly string[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
