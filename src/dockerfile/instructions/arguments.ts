import type { CommandLine, KeyValue, Word } from '../ast.ts';
import { readJsonArray } from '../json-array.ts';
import type { Span } from '../logical-line.ts';
import { rangeOf, spanOf, wordOf } from '../logical-line.ts';
import { splitBlanks, splitWords } from '../split-words.ts';
import type { Statement } from '../statement.ts';
import { isBlank } from '../white-space.ts';
import { invalid } from './instruction-syntax.ts';

/** All that follows, as one word, blanks included: WORKDIR, USER, STOPSIGNAL, MAINTAINER. */
export function oneArgument(statement: Statement, example: string): Word {
  const { line, command } = statement;
  if (command.args.text === '') throw missing(statement, 'one argument', example);
  return wordOf(line, command.args);
}

/** The words of a list without quotes: FROM, EXPOSE. */
export function plainList({ line, command }: Statement): readonly Word[] {
  return splitBlanks(line, command.args).map((span) => wordOf(line, span));
}

/** A list in JSON form, or else words without quotes: COPY, ADD, VOLUME. */
export function jsonOrPlainList({ line, command }: Statement): readonly Word[] {
  const spans = readJsonArray(line, command.args) ?? splitBlanks(line, command.args);
  return spans.map((span) => wordOf(line, span));
}

/** The exec form where `args` is a JSON array of strings, else the shell form with everything as it stands. */
export function commandLine(statement: Statement, args: Span = statement.command.args): CommandLine {
  const { line, heredocs } = statement;
  const range = rangeOf(line, args);
  const elements = readJsonArray(line, args);
  if (elements) return { form: 'exec', argv: elements.map((element) => element.text), range };
  return { form: 'shell', command: args.text, heredocs, range };
}

/** `key=value …`, or the old `key value`, where the value is the rest of the line: ENV, LABEL. */
export function keyValues(statement: Statement, example: string): readonly KeyValue[] {
  const { line, command, escapeToken } = statement;
  const words = splitWords(line, command.args, escapeToken);
  const first = words[0];
  if (!first) throw missing(statement, 'at least one argument', example);
  if (!first.text.includes('=')) return [legacyKeyValue(statement, example)];
  return words.map((word) => {
    const [key, value] = splitAtEquals(word);
    if (!value) {
      throw invalid(statement, `"${word.text}" has no "=".`, {
        at: word,
        hint: `Put a value that holds blanks between double quotes, as in: ${example}`,
      });
    }
    if (key.text === '') throw blankName(statement, word);
    return { key: wordOf(line, key), value: wordOf(line, value), legacy: false };
  });
}

function legacyKeyValue(statement: Statement, example: string): KeyValue {
  const { line, command } = statement;
  const { start, end } = command.args;
  let keyEnd = start;
  while (keyEnd < end && !isBlank(line.text.charAt(keyEnd))) keyEnd++;
  let valueStart = keyEnd;
  while (valueStart < end && isBlank(line.text.charAt(valueStart))) valueStart++;
  if (keyEnd === end) throw missing(statement, `a value for "${command.args.text}"`, example);
  const key = wordOf(line, spanOf(line, start, keyEnd));
  return { key, value: wordOf(line, spanOf(line, valueStart, end)), legacy: true };
}

/** The part in front of the first `=` and the part behind it, if there is one. */
export function splitAtEquals(word: Span): readonly [Span, Span | undefined] {
  const at = word.text.indexOf('=');
  if (at < 0) return [word, undefined];
  const middle = word.start + at;
  return [
    { text: word.text.slice(0, at), start: word.start, end: middle },
    { text: word.text.slice(at + 1), start: middle + 1, end: word.end },
  ];
}

export function blankName(statement: Statement, at: Span): Error {
  return invalid(statement, `${statement.command.keyword.text.toUpperCase()} has a name that is empty.`, { at });
}

/** The error for arguments that are not there. */
export function missing(statement: Statement, what: string, example: string): Error {
  const name = statement.command.keyword.text.toUpperCase();
  return invalid(statement, `${name} needs ${what}.`, { hint: `For example: ${example}` });
}
