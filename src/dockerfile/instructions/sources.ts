import type { CopyInstruction, Heredoc, Word } from '../ast.ts';
import { parseHeredocWord } from '../heredoc.ts';
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
  if (heredocWord(destination)) {
    throw invalid(statement, `the destination of ${name} cannot be a heredoc`, {
      hint: `Put the destination last: ${name} ${destination.text} /path`,
    });
  }
  const sources = words.slice(0, -1);
  const byName = new Map(statement.heredocs.map((heredoc) => [heredoc.name, heredoc]));
  return {
    sources: sources.filter((word) => !heredocWord(word)),
    destination,
    heredocs: sources.flatMap((word) => heredocFor(word, byName)),
  };
}

function heredocFor(word: Word, byName: ReadonlyMap<string, Heredoc>): readonly Heredoc[] {
  const opening = heredocWord(word);
  if (!opening) return [];
  const found = byName.get(opening.name);
  const { expand, chomp } = opening;
  if (!found) return [{ ...opening, content: '', range: word.range }];
  return [found.expand === expand && found.chomp === chomp ? found : { ...found, ...opening }];
}

/** A word with an open quote is a name like any other. */
function heredocWord({ text }: Word): ReturnType<typeof parseHeredocWord> {
  try {
    return parseHeredocWord(text);
  } catch {
    return undefined;
  }
}
