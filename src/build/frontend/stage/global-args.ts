import type { ArgInstruction } from '../../../dockerfile/ast.ts';
import { expandWord } from '../../../dockerfile/expand-word.ts';
import { formatPlatform } from '../../../image/parse-platform.ts';
import type { FrontendOptions } from '../build-plan.ts';
import { EnvList } from '../value/env-list.ts';

/** What FROM can expand, and what an ARG without a value takes in a stage. */
export interface GlobalArgs {
  readonly values: EnvList;
  /** Names declared before the first FROM, those without a value included. */
  readonly declared: ReadonlySet<string>;
}

/** The platform arguments and TARGETSTAGE; --build-arg overrides each. */
export function predefinedArgs(options: FrontendOptions, targetStage: string | undefined): EnvList {
  const { buildPlatform: build, platform: target, buildArgs } = options;
  const defaults: Readonly<Record<string, string>> = {
    BUILDPLATFORM: formatPlatform(build),
    BUILDOS: build.os,
    BUILDOSVERSION: build['os.version'] ?? '',
    BUILDARCH: build.architecture,
    BUILDVARIANT: build.variant ?? '',
    TARGETPLATFORM: formatPlatform(target),
    TARGETOS: target.os,
    TARGETOSVERSION: target['os.version'] ?? '',
    TARGETARCH: target.architecture,
    TARGETVARIANT: target.variant ?? '',
    TARGETSTAGE: targetStage || 'default',
  };
  return new EnvList(Object.entries(defaults).map(([name, value]) => [name, buildArgs[name] ?? value]));
}

export interface GlobalArgScope {
  readonly predefined: EnvList;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly escape: '\\' | '`';
}

/**
 * The ARGs before the first FROM, each expanded in those before it. A value of --build-arg is taken as it is.
 * @throws KnownError DOCKERFILE_VARIABLE
 */
export function globalArgs(instructions: readonly ArgInstruction[], scope: GlobalArgScope): GlobalArgs {
  let values = scope.predefined;
  const declared = new Set<string>();
  for (const { args, range } of instructions) {
    for (const { name, value } of args) {
      declared.add(name.text);
      const given = scope.buildArgs[name.text];
      const result = given ?? (value && expandWord(value.text, values, { escape: scope.escape, range }).text);
      if (result !== undefined) values = values.with(name.text, result);
    }
  }
  return { values, declared };
}
