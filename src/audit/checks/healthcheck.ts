import type { AuditedImage } from '../audited-image.ts';
import { type Check, type CheckOutcome, failed, notApplicable, passed } from '../check.ts';
import { findProgram, isExecutableFile } from '../start-program.ts';

const DEFAULT_SHELL = ['/bin/sh', '-c'];
/** What every shell has itself. */
const BUILT_IN =
  /^(?:exit|test|\[|\[\[|echo|true|false|cd|exec|set|if|for|while|:|\(|\{|export|kill|read|command|printf|!)$/;
const PLAIN_WORD = /^[\w./-]+$/;

export const healthcheck: Check = {
  name: 'healthcheck',
  title: 'has a healthcheck that can run',
  level: 'error',
  hint: 'Let the program check itself, in exec form: HEALTHCHECK CMD ["/app", "-healthcheck"].',
  run(image) {
    const [kind, ...words] = image.config.config.Healthcheck?.Test ?? [];
    if (kind === undefined || kind === 'NONE') return notApplicable('none is set (Kubernetes has its own)');
    if (kind === 'CMD') return checkCommand(image, words[0] ?? '');
    return checkShellForm(image, words[0] ?? '');
  },
};

function checkCommand(image: AuditedImage, word: string): CheckOutcome {
  const { file } = findProgram(image, word);
  if (!file) return failed(`its command ${word} is not in the image`);
  if (!isExecutableFile(file)) return failed({ text: `its command ${word} is no executable file`, path: file.path });
  return passed('its command is there', { path: file.path });
}

function checkShellForm(image: AuditedImage, text: string): CheckOutcome {
  const [shell = '/bin/sh'] = image.config.config.Shell ?? DEFAULT_SHELL;
  const asked = checkCommand(image, shell);
  if (asked.status === 'failed') return failed(`it is in shell form, and ${shell} is not in the image`);
  const [first = ''] = text.trim().split(/\s+/);
  if (!PLAIN_WORD.test(first) || BUILT_IN.test(first)) return passed(`${shell} runs it`);
  return checkCommand(image, first);
}
