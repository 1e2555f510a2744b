import { type ShellCommand, wrappedCommand } from '../../shell/shell-command.ts';
import { hasFlag } from './steps.ts';

/** The command that reads what the one at `index` writes, through a pipe; undefined where there is none. */
export function pipeReader(commands: readonly ShellCommand[], index: number): ShellCommand | undefined {
  const writer = commands[index];
  if (!writer) return undefined;
  // Behind its own substitutions; what lies deeper further on is a loop, a case or a group, and the pipe reads that.
  const next = commands.slice(index + 1).find(({ depth, start }) => depth <= writer.depth || start > writer.end);
  return next?.before === '|' && next.depth === writer.depth ? wrappedCommand(next) : undefined;
}

/** It ends with an error where its input is empty or cut short, as an unpacking program does. */
export function failsOnShortInput(reader: ShellCommand): boolean {
  switch (reader.name) {
    case 'tar':
    case 'bsdtar':
      return reader.args.some(({ text }, index) =>
        (index === 0 ? /^-?[A-Za-z]*[xt]/ : /^-[A-Za-z]*[xt]|^--(?:extract|get|list)$/).test(text),
      );
    case 'gunzip':
    case 'zcat':
    case 'unxz':
    case 'xzcat':
    case 'bunzip2':
    case 'bzcat':
    case 'unzstd':
    case 'zstdcat':
    case 'gpg':
    case 'gpg2':
    case 'apt-key':
      return true;
    case 'gzip':
    case 'xz':
    case 'bzip2':
    case 'zstd':
      return hasFlag(reader, '-d', '--decompress');
    default:
      return /^(?:(?:sha\d+|md5|b2)sum|shasum)$/.test(reader.name) && hasFlag(reader, '-c', '--check');
  }
}
