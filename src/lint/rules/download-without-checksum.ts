import type { Rule } from '../rule.ts';
import { type Download, downloadsIn, isLocalUrl } from '../subject/downloads.ts';
import type { LintStep } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';

const CHECKS =
  /^(?:sha\d*sum|shasum|md5sum|b2sum|gpgv?\d?|openssl|cosign|minisign|signify|rhash|cksum|dget|slsa-verifier)$/;
const UNPACKERS = /^(?:tar|bsdtar|unzip|gunzip|gzip|zcat|xz|unxz|bunzip2|zstd|cpio|dpkg|rpm)$/;
/** What holds programs: archives, packages, and names without an ending. */
const PROGRAM = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|zip|gz|xz|bz2|zst|deb|rpm|apk|jar|war|bin|run|exe|AppImage|whl|so)$/i;

/** A program from the network that nothing compares with what was once looked at. */
export const downloadWithoutChecksum: Rule = {
  name: 'download-without-checksum',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'A downloaded program is used without a look at its digest or signature',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      if (verifies(step)) continue;
      for (const download of downloadsIn(step)) {
        const url = download.urls.find(({ text }) => isProgram(text, download));
        if (!url) continue;
        yield {
          message: `${download.program} downloads ${nameOf(url.text)} and nothing checks it.`,
          range: subject.text.rangeOf(download.command.start, download.command.end),
          hint: 'Compare it with a known digest: echo "<sha256>  <file>" | sha256sum -c -; or use ADD --checksum=sha256:….',
        };
      }
    }
  },
};

/** In the RUN itself, or by a script that it calls. */
function verifies({ commands, instruction }: LintStep): boolean {
  return (
    commands.some(({ name }) => CHECKS.test(name.slice(name.lastIndexOf('/') + 1)) || /verif|check/i.test(name)) ||
    /sha(?:256|512|1)sum|gpg /.test(instruction.original)
  );
}

function isProgram(url: string, { readBy }: Download): boolean {
  if (isLocalUrl(url)) return false;
  const path = url.replace(/[?#].*$/, '');
  return PROGRAM.test(path) || (readBy !== undefined && UNPACKERS.test(readBy.name));
}

function nameOf(url: string): string {
  const path = url.replace(/[?#].*$/, '').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || 'a file';
}
