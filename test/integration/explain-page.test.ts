import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHROMIUM, checkMap, checkPage, startChromium } from './chromium.ts';
import { createRig } from './rig.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

test('the page of a build in a real Chromium', { skip: CHROMIUM ? false : 'there is no Chromium' }, async (t) => {
  const rig = createRig(t);
  const app = rig.files('app', {
    Dockerfile: `FROM scratch AS one\nCOPY a /a/\nFROM scratch AS two\nCOPY ["b", "/${HOSTILE}/"]\nFROM scratch\nCOPY --from=one / /one/\nCOPY --from=two / /two/\n`,
    'a/large': 'x'.repeat(50_000),
    'a/inner/small': 'y'.repeat(20_000),
    [`b/${HOSTILE.replaceAll('/', '')}`]: 'z'.repeat(10_000),
  });
  rig.ok('build', '-t', 'page', app);
  writeFileSync(join(app, 'a/large'), 'changed'.repeat(5000));
  rig.ok('build', '-t', 'page', app);
  const file = join(rig.dir, 'page.html');
  rig.ok('explain', 'page', '--html', file);
  const page = await startChromium(t);

  await checkPage(page, file, async () => {
    assert.match(await page.evaluate('document.body.innerText'), /large changed \(1 of 2 files, −15 kB\)/);
  });
  await checkMap(page, file);
});
