/**
 * A sample of the conformance cases, told by what BuildKit did when they were recorded: needs neither the lab nor a network.
 * `npm run conformance` has all of them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildCase } from '../../conformance/build-case.ts';
import { loadCases } from '../../conformance/case/load-cases.ts';
import { createSlipwayDriver } from '../../conformance/drivers/slipway-driver.ts';
import { readExpectations } from '../../conformance/expectations.ts';
import { type BaseImage, baseImage } from '../../conformance/image/base-image.ts';
import { readOciArchive } from '../../conformance/image/read-image.ts';
import { openOffers } from '../../conformance/offers/offers.ts';
import { compareOutcomes } from '../../conformance/outcome/compare-outcomes.ts';
import { CHECKOUT, createRig, debianImage, type Rig, SLIPWAY } from './rig.ts';

const cases = loadCases(join(CHECKOUT, 'conformance/cases')).filter(({ isSample, differs }) => isSample && !differs);

test('Slipway builds a sample of Dockerfiles as BuildKit does', async (t) => {
  const rig = createRig(t);
  const driver = createSlipwayDriver({
    peer: '',
    labs: '',
    slipway: SLIPWAY,
    isolation: undefined,
    user: undefined,
    workDir: rig.dir,
    cores: 1,
  });
  const base = importBusybox(rig, join(rig.dir, 'store-auto-self'));
  const offers = await openOffers(rig.dir);
  t.after(() => offers.close());
  for (const testCase of cases) {
    await t.test(`${testCase.group}: ${testCase.name}`, async () => {
      const expected = readExpectations(join(CHECKOUT, 'conformance/expected'), testCase.group)?.cases[testCase.name];
      assert.ok(expected, 'it has no recorded expectation');
      const { outcome } = await buildCase(testCase, {
        driver,
        bases: [base],
        offers,
        workDir: rig.dir,
        user: undefined,
      });
      assert.deepEqual(compareOutcomes(expected, outcome, driver), []);
    });
  }
});

const BUSYBOX = 'docker.io/library/busybox:latest';

/** Any busybox will do: outcomes are told by their difference from the base. */
function importBusybox(rig: Rig, store: string): BaseImage {
  const { path, changes } = debianImage('busybox');
  rig.ok('import', '--root', store, ...changes.flatMap((change) => ['--change', change]), path, BUSYBOX);
  const archive = join(rig.dir, 'busybox.tar');
  rig.ok('save', '--root', store, '--format', 'oci-archive', '-o', archive, BUSYBOX);
  return baseImage('busybox', BUSYBOX, readOciArchive(archive));
}
