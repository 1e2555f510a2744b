import { expandKnown } from '../../subject/stage-steps.ts';
import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

const NOTHING = new Map<string, string>();

/** The value is the rest of the line, whose quotes go when it is expanded: between quotes it is the same. */
export const legacyKeyValueFormat: CheckFix = {
  check: 'LegacyKeyValueFormat',
  fix({ instruction, subject }) {
    const [pair] = instruction.kind === 'ENV' || instruction.kind === 'LABEL' ? instruction.pairs : [];
    if (!pair?.legacy || pair.key.range.start.line !== pair.value.range.end.line) return undefined;
    const { key, value } = pair;
    const escapeToken = subject.dockerfile.escape;
    const text = value.text.trimEnd();
    const candidates = [text, `"${text}"`].filter((candidate) =>
      /^(?:[^\s"'\\`]+|"[^"\\`]*"|'[^'\\`]*')$/.test(candidate),
    );
    const same = candidates.find(
      (candidate) => expandKnown(candidate, NOTHING, escapeToken) === expandKnown(text, NOTHING, escapeToken),
    );
    const range = { ...key.range, end: value.range.end };
    return same === undefined
      ? undefined
      : fixOf('Write key=value', 'safe', replaceRange(subject, range, `${key.text}=${same}`));
  },
};
