import type { CopyInstruction, Heredoc, Word } from '../ast.ts';
import type { HeredocWord } from '../heredoc.ts';
import { chompTabs, findHeredocWord } from '../heredoc.ts';
import type { Statement } from '../statement.ts';
import { jsonOrPlainList, missing } from './arguments.ts';
import { invalid } from './instruction-syntax.ts';

/** What COPY and ADD share. Of heredocs with the same name the last one's content counts, as in BuildKit. */
export function sourcesAndDestination(
  statement: Statement,
): Pick<CopyInstruction, 'sources' | 'destination' | 'heredocs'> {
  const name = statement.command.keyword.text.toUpperCase();
  const words = jsonOrPlainList(statement);
  const destination = words.at(-1);
  if (!destination || words.length < 2) throw missing(statement, 'a source and a destination', `${name} go.mod /src/`);
  if (findHeredocWord(destination.text)) {
    throw invalid(statement, `The destination of ${name} cannot be a heredoc.`, {
      range: destination.range,
      hint: `Put the destination last: ${name} ${destination.text} /path`,
    });
  }
  const sources = words.slice(0, -1);
  const heredocs = sources.flatMap((word) => readHeredoc(statement, word));
  checkAllUsed(statement, heredocs);
  return { sources: sources.filter((word) => !findHeredocWord(word.text)), destination, heredocs };
}

function readHeredoc(statement: Statement, word: Word): readonly Heredoc[] {
  const opening = findHeredocWord(word.text);
  if (!opening) return [];
  const document = statement.heredocs.findLast(({ name }) => name === opening.name);
  if (document) return [fitTo(document, opening)];
  // BuildKit makes an empty file of it, which nobody can have meant.
  throw invalid(statement, `Nothing was read for the heredoc "${opening.name}".`, {
    range: word.range,
    hint: 'A quote on the line is open, or the arguments are in JSON form, which has no heredocs.',
  });
}

/** Heredocs of one name share a document, and each reads it in its own way. */
function fitTo(document: Heredoc, { expand, chomp, fd }: HeredocWord): Heredoc {
  if (document.expand === expand && document.chomp === chomp && document.fd === fd) return document;
  const { name, range, content } = document;
  const raw = document.raw ?? content;
  return chomp
    ? { name, expand, chomp, fd, content: chompTabs(raw), raw, range }
    : { name, expand, chomp, fd, content: raw, range };
}

/** BuildKit reads the document of `<< EOF` and then copies the files `<<` and `EOF`. */
function checkAllUsed(statement: Statement, heredocs: readonly Heredoc[]): void {
  const unused = statement.heredocs.find(({ name }) => !heredocs.some((used) => used.name === name));
  if (!unused) return;
  throw invalid(statement, `The heredoc "${unused.name}" is not among the sources.`, {
    hint: `Write the delimiter and << as one word: <<${unused.name}`,
  });
}
