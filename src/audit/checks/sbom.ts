import { type Check, failed, notApplicable, passed } from '../check.ts';
import { goPrograms } from '../start-program.ts';

const SBOM = /spdx|cyclonedx|^attestation$/i;

export const sbom: Check = {
  name: 'sbom',
  title: 'says what it is made of',
  level: 'info',
  hint: 'Do not strip build information (-buildvcs stays on, no upx), or attach an SBOM to the image.',
  run(image) {
    const attached = image.attestations.find((type) => SBOM.test(type));
    if (attached !== undefined) return passed(`attestation ${attached}`);
    const programs = goPrograms(image);
    if (programs.length === 0) return notApplicable('no Go program, and no attestation');
    const silent = programs.filter(({ facts }) => !facts.go?.buildInfo);
    if (silent.length > 0)
      return failed(...silent.map(({ path }) => ({ text: 'a Go program without build information', path })));
    const modules = programs.reduce((sum, { facts }) => sum + (facts.go?.buildInfo?.dependencies.length ?? 0), 0);
    return passed(
      `${modules} modules in the build information of ${programs.length === 1 ? 'its program' : `${programs.length} programs`}`,
      {
        path: programs[0]?.path,
      },
    );
  },
};
