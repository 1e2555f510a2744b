import type { Rule } from '../rule.ts';
import { destinationPaths } from '../subject/destination-paths.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsIn } from '../subject/steps.ts';

/** Dockerfile reference, "Notes about specifying volumes": builders differ in whether such a change is kept. */
export const writeAfterVolume: Rule = {
  name: 'write-after-volume',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'Files are copied below a VOLUME, where some builders drop them',

  *check(subject) {
    for (const stage of subject.stages) {
      const volumes = stepsIn(stage, 'VOLUME').flatMap((step) =>
        step.instruction.paths.map(({ text }) => ({
          step,
          path: expandKnown(text, step.variables).replace(/(.)\/$/, '$1'),
        })),
      );
      for (const step of volumes.length > 0 ? stepsIn(stage, 'COPY', 'ADD') : []) {
        const above = volumes.filter((volume) => stage.steps.indexOf(volume.step) < stage.steps.indexOf(step));
        const volume = above.find(({ path }) =>
          destinationPaths(step).some((copied) => copied.path === path || copied.path.startsWith(`${path}/`)),
        );
        if (!volume) continue;
        yield {
          message: `${step.instruction.keyword} writes below the volume ${volume.path}: docker's older builder and buildah drop that.`,
          range: step.instruction.destination.range,
          hint: 'Move VOLUME below this line.',
        };
      }
    }
  },
};
