import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { test } from 'node:test';
import { makeWhiteout } from './overlay-form.ts';

/** sysfs takes no nodes, as an overlay takes no whiteouts; elsewhere it is read-only or somebody else's. */
const refuses = process.getuid?.() === 0 && statfsSync('/sys').type === 0x62656572;

test('a filesystem that takes no whiteouts is told, with what to do', {
  skip: !refuses && 'sysfs of root only',
}, (t) => {
  try {
    makeWhiteout('/sys/slipway-test');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EROFS') return t.skip('/sys is read-only');
    assert.match((error as { hint?: string }).hint ?? '', /--root/);
    return;
  }
  assert.fail('sysfs took it');
});
