import type { LintStage } from './lint-subject.ts';

export type Distribution = 'alpine' | 'debian' | 'redhat';

const BY_NAME: readonly (readonly [Distribution, RegExp])[] = [
  ['alpine', /alpine|^busybox/],
  ['redhat', /(?:^|\/)(?:fedora|centos|rockylinux|almalinux|oraclelinux|amazonlinux|ubi\d?(?:-\w+)?)(?::|@|$)/],
  ['debian', /(?:^|\/)(?:debian|ubuntu|buildpack-deps)(?::|@|$)/],
  // Official images for languages are Debian's unless their tag says otherwise.
  [
    'debian',
    /^(?:docker\.io\/)?(?:library\/)?(?:golang|python|node|rust|ruby|php|gcc|perl|openjdk|eclipse-temurin)(?::|@|$)/,
  ],
];

/** As far as the name of the base image tells. */
export function distributionOf({ rootBase }: LintStage): Distribution | undefined {
  if (rootBase.kind !== 'image') return undefined;
  return BY_NAME.find(([, name]) => name.test(rootBase.name))?.[0];
}
