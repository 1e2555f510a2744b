import { KnownError } from '../../../diagnostics/known-error.ts';
import type { Variables } from '../../../dockerfile/expand-word.ts';
import { expandWord } from '../../../dockerfile/expand-word.ts';
import { reportUndefinedVariables } from '../checks/undefined-var.ts';
import type { InstructionContext } from '../instructions/lowering.ts';
import type { StageInstruction } from '../stage/stage-plan.ts';
import type { StageState } from '../stage/stage-state.ts';

/** Expands the words of an instruction in a stage's variables, and reports those that nobody declared. */
export function createExpander(
  state: StageState,
  instruction: StageInstruction,
  context: InstructionContext,
): (text: string) => string {
  return (text) => {
    const expansion = expandWord(text, state.env, { escape: context.escape, range: instruction.range });
    reportUndefinedVariables(state, { names: expansion.unset, range: instruction.range }, context);
    return expansion.text;
  };
}

/** The same for a text that becomes any number of words. */
export function createWordsExpander(
  state: StageState,
  instruction: StageInstruction,
  context: InstructionContext,
): (text: string) => readonly string[] {
  return (text) => expandWord(text, state.env, { escape: context.escape, range: instruction.range }).words;
}

/** The same for the content of a heredoc, in which quotes are text and only a backslash escapes. */
export function createContentExpander(
  state: StageState,
  instruction: StageInstruction,
  context: InstructionContext,
): (content: string) => string {
  return (content) => {
    const expansion = expandWord(content, state.env, { ignoreQuotes: true, range: instruction.range });
    reportUndefinedVariables(state, { names: expansion.unset, range: instruction.range }, context);
    return expansion.text;
  };
}

/** An instruction as progress shows it: variables expanded, quotes taken off, the keyword in upper case. */
export function expandForDisplay(
  state: StageState,
  instruction: StageInstruction,
  context: Pick<InstructionContext, 'escape'>,
): string {
  return upperCaseKeyword(expandOrKeep(instruction.original.trim(), state.env, { escape: context.escape }));
}

/** RUN keeps its quotes and what the shell will expand. */
export function expandCommandForDisplay(
  text: string,
  variables: Variables,
  context: Pick<InstructionContext, 'escape'>,
): string {
  return upperCaseKeyword(expandOrKeep(text, variables, { escape: context.escape, rawQuotes: true, keepUnset: true }));
}

/** What cannot be expanded is shown as it stands: a shell's syntax is not the Dockerfile's. */
function expandOrKeep(text: string, variables: Variables, options: Parameters<typeof expandWord>[2]): string {
  try {
    return expandWord(text, variables, options).text;
  } catch (error) {
    if (error instanceof KnownError) return text;
    throw error;
  }
}

function upperCaseKeyword(text: string): string {
  return text.replace(/^[^ ]*/, (keyword) => keyword.toUpperCase());
}
