import type { Check } from './check.ts';
import { architecture } from './checks/architecture.ts';
import { baseImage } from './checks/base-image.ts';
import { caCertificates } from './checks/ca-certificates.ts';
import { entrypoint } from './checks/entrypoint.ts';
import { execForm } from './checks/exec-form.ts';
import { goVersion } from './checks/go-version.ts';
import { healthcheck } from './checks/healthcheck.ts';
import { labels } from './checks/labels.ts';
import { libraries } from './checks/libraries.ts';
import { multiStage } from './checks/multi-stage.ts';
import { packageManager } from './checks/package-manager.ts';
import { reproducible } from './checks/reproducible.ts';
import { sbom } from './checks/sbom.ts';
import { secretsInConfig } from './checks/secrets-in-config.ts';
import { secretsInFiles } from './checks/secrets-in-files.ts';
import { setuid } from './checks/setuid.ts';
import { shell } from './checks/shell.ts';
import { size } from './checks/size.ts';
import { stripped } from './checks/stripped.ts';
import { tzdata } from './checks/tzdata.ts';
import { user } from './checks/user.ts';
import { wasted } from './checks/wasted.ts';
import { worldWritable } from './checks/world-writable.ts';

/** The checklist, in the order in which it is shown: whether it starts, what it gives away, what it carries, what is known of it. */
export const CHECKS: readonly Check[] = [
  entrypoint,
  architecture,
  libraries,
  execForm,
  healthcheck,
  user,
  secretsInFiles,
  secretsInConfig,
  setuid,
  worldWritable,
  caCertificates,
  tzdata,
  multiStage,
  shell,
  packageManager,
  stripped,
  size,
  wasted,
  reproducible,
  baseImage,
  goVersion,
  labels,
  sbom,
];
