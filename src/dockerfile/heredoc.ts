import { KnownError } from '../diagnostics/known-error.ts';
import { expandWord } from './expand-word.ts';

/** What a word such as `3<<-"EOF"` says about the document that follows. */
export interface HeredocWord {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fd: number;
}

const NO_VARIABLES = { get: () => undefined };

/**
 * The heredocs that a joined instruction opens, in order. Words are split as a shell does, always with backslash for an
 * escape, whatever the file's own is; a line that cannot be split so (an open quote) opens none.
 */
export function heredocsOf(line: string): readonly HeredocWord[] {
  const words = splitRaw(line);
  return words.map(parseHeredocWord).filter((word) => word !== undefined);
}

/**
 * Reads one word, or the whole command of a RUN, as the opening of a heredoc; undefined when it is not just that.
 * A RUN whose whole command is one heredoc runs the document itself. Throws DOCKERFILE_SYNTAX when the delimiter has an
 * open quote or substitution.
 */
export function parseHeredocWord(text: string): HeredocWord | undefined {
  const match = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(text);
  const delimiter = match?.[3];
  if (!match || !delimiter) return undefined;
  const plain = delimiterWords(delimiter, false);
  const quoted = delimiterWords(delimiter, true);
  const name = plain[0];
  if (plain.length !== 1 || name === undefined) return undefined;
  return {
    name,
    // Quotes that vanish in one reading and not in the other were quotes of the delimiter.
    expand: countQuotes(name) === countQuotes(quoted[0] ?? ''),
    chomp: match[2] === '-',
    fd: Math.min(Number(match[1]), Number.MAX_SAFE_INTEGER),
  };
}

/** Like parseHeredocWord, for a word that may be anything: one with an open quote opens no heredoc. */
export function findHeredocWord(text: string): HeredocWord | undefined {
  try {
    return parseHeredocWord(text);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

/** Removes the tabs at the start of every line: `<<-`. */
export function chompTabs(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}

function splitRaw(line: string): readonly string[] {
  try {
    return expandWord(line, NO_VARIABLES, { rawQuotes: true, rawEscapes: true, keepUnset: true }).words;
  } catch (error) {
    if (error instanceof KnownError) return [];
    throw error;
  }
}

function delimiterWords(delimiter: string, rawQuotes: boolean): readonly string[] {
  try {
    return expandWord(delimiter, NO_VARIABLES, { rawQuotes, keepUnset: true }).words;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    throw new KnownError('DOCKERFILE_SYNTAX', `The heredoc delimiter "${delimiter}" cannot be read: ${error.message}`);
  }
}

function countQuotes(text: string): number {
  return text.replace(/[^'"]/g, '').length;
}
