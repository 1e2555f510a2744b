import type { Rule } from './rule.ts';
import { addInsteadOfCopy } from './rules/add-instead-of-copy.ts';
import { apkNoCache } from './rules/apk-no-cache.ts';
import { aptGetNotApt } from './rules/apt-get-not-apt.ts';
import { aptInstallWithoutUpdate } from './rules/apt-install-without-update.ts';
import { aptListsLeft } from './rules/apt-lists-left.ts';
import { aptNoRecommends } from './rules/apt-no-recommends.ts';
import { aptUpdateAlone } from './rules/apt-update-alone.ts';
import { dnfCacheLeft } from './rules/dnf-cache-left.ts';
import { gemDocuments } from './rules/gem-documents.ts';
import { gemVersion } from './rules/gem-version.ts';
import { installAsks } from './rules/install-asks.ts';
import { npmCacheLeft } from './rules/npm-cache-left.ts';
import { npmCi } from './rules/npm-ci.ts';
import { npmVersion } from './rules/npm-version.ts';
import { pipNoCache } from './rules/pip-no-cache.ts';
import { pipVersion } from './rules/pip-version.ts';
import { systemPackageVersions } from './rules/system-package-versions.ts';
import { systemUpgrade } from './rules/system-upgrade.ts';
import { yarnCacheLeft } from './rules/yarn-cache-left.ts';
import { zypperCacheLeft } from './rules/zypper-cache-left.ts';

/** Every rule, by family and name. Documentation, configuration and completion follow this table. */
export const RULES: readonly Rule[] = [
  // practice
  addInsteadOfCopy,
  apkNoCache,
  aptGetNotApt,
  aptInstallWithoutUpdate,
  aptListsLeft,
  aptNoRecommends,
  aptUpdateAlone,
  dnfCacheLeft,
  gemDocuments,
  gemVersion,
  installAsks,
  npmCacheLeft,
  npmCi,
  npmVersion,
  pipNoCache,
  pipVersion,
  systemPackageVersions,
  systemUpgrade,
  yarnCacheLeft,
  zypperCacheLeft,
];
