import type { CommandLine, Heredoc } from '../../../dockerfile/ast.ts';
import { parseHeredocWord } from '../../../dockerfile/heredoc.ts';
import type { ExecOp } from '../../graph/op.ts';
import { inShell } from '../instructions/shell-command.ts';
import type { StageState } from '../stage/stage-state.ts';

/** Where a script with an interpreter line of its own is mounted. */
const SCRIPT_FOLDER = '/dev/pipes';

export interface RunScript {
  readonly argv: readonly string[];
  readonly files: ExecOp['files'];
  /** First line of a document that is the whole command, for its name in the progress. */
  readonly summary: string | undefined;
}

/**
 * What a RUN executes. A command that is nothing but a heredoc is that document: run by its own interpreter where it
 * begins with `#!`, by the shell otherwise. Heredocs within a longer command are put back for the shell to read, with
 * the tabs that it is to remove itself.
 */
export function runScript(state: StageState, command: CommandLine): RunScript {
  if (command.form === 'exec') return { argv: command.argv, files: [], summary: undefined };
  const [document] = command.heredocs;
  if (document === undefined) return { argv: inShell(state, command.command), files: [], summary: undefined };
  if (parseHeredocWord(command.command) === undefined) {
    return { argv: inShell(state, withDocuments(command.command, command.heredocs)), files: [], summary: undefined };
  }
  return runDocument(state, document);
}

function runDocument(state: StageState, document: Heredoc): RunScript {
  const { content, raw } = document;
  const summary = summarize(raw ?? content);
  if (state.platform.os === 'windows' || !(raw ?? content).startsWith('#!')) {
    return { argv: inShell(state, content), files: [], summary };
  }
  const path = `${SCRIPT_FOLDER}/${document.name}`;
  return { argv: inShell(state, path), files: [{ path, content, mode: 0o755 }], summary };
}

function withDocuments(command: string, documents: readonly Heredoc[]): string {
  return [command, ...documents.map(({ content, raw, name }) => `${raw ?? content}${name}`)].join('\n');
}

function summarize(content: string): string {
  const [first = '', ...rest] = content.trim().split(/\r?\n/);
  return rest.length === 0 ? first : `${first}...`;
}
