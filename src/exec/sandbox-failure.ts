import { KnownError } from '../diagnostics/known-error.ts';
import { redactUrls, stripControl } from '../diagnostics/redact.ts';
import { STORE_ON_OVERLAY } from '../rootfs/overlay-form.ts';

/** What is thrown when the helpers ended before the program could be started; `diagnostics` is what they complained of. */
export function sandboxFailure(isolation: string, exitCode: number, diagnostics: string): KnownError {
  const text = redactUrls(stripControl(diagnostics)).trim();
  const said = text ? firstLines(text) : `its helper ended with code ${exitCode} and said nothing`;
  if (/\/root: (?:Invalid argument|wrong fs type)/.test(text)) {
    return new KnownError('SANDBOX_MOUNT_FAILED', `No overlay can be made where the store lies: ${said}.`, {
      hint: STORE_ON_OVERLAY,
    });
  }
  if (/\bmount\b|pivot_root/.test(text)) {
    return new KnownError('SANDBOX_MOUNT_FAILED', `The mounts of a sandbox could not be made: ${said}.`, {
      hint: 'See what this machine allows with "slipway info", or try another --isolation.',
    });
  }
  return new KnownError('SANDBOX_UNAVAILABLE', `No sandbox could be made with --isolation=${isolation}: ${said}.`, {
    hint: 'See what this machine allows with "slipway info", or try another --isolation.',
  });
}

function firstLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/dmesg\(1\) may have more information/.test(line))
    .slice(0, 3)
    .join('; ')
    .replace(/\.$/, '');
}
