import { KnownError } from '../../../diagnostics/known-error.ts';
import type { Flag, RunInstruction } from '../../../dockerfile/ast.ts';
import type { ExecOp } from '../../graph/op.ts';
import type { FrontendOptions } from '../build-plan.ts';

/** --network and --security of a RUN, and --device, which cannot be had. */
export function runSandbox(
  instruction: RunInstruction,
  options: FrontendOptions,
): Pick<ExecOp, 'network' | 'security'> {
  const device = lastFlag(instruction, 'device');
  if (device !== undefined) {
    throw new KnownError('DOCKERFILE_NOT_SUPPORTED', `RUN --device=${device.value ?? ''} is not supported.`, {
      hint: 'Steps get no devices of this machine: do the work that needs one outside the build.',
      range: device.range,
    });
  }
  return { network: runNetwork(instruction, options), security: runSecurity(instruction, options) };
}

function runNetwork(instruction: RunInstruction, options: FrontendOptions): ExecOp['network'] {
  const flag = lastFlag(instruction, 'network');
  switch (flag?.value) {
    case undefined:
    case 'default':
      return options.network;
    case 'none':
      return 'none';
    case 'host':
      if (options.network !== 'host') requireEntitlement('network.host', flag, options);
      return 'host';
    default:
      throw invalid(flag, 'Use default, none or host.');
  }
}

function runSecurity(instruction: RunInstruction, options: FrontendOptions): ExecOp['security'] {
  const flag = lastFlag(instruction, 'security');
  switch (flag?.value) {
    case undefined:
    case 'sandbox':
      return 'sandbox';
    case 'insecure':
      requireEntitlement('security.insecure', flag, options);
      return 'insecure';
    default:
      throw invalid(flag, 'Use sandbox or insecure.');
  }
}

function requireEntitlement(name: string, flag: Flag | undefined, options: FrontendOptions): void {
  if (options.allow.includes(name)) return;
  throw new KnownError('ENTITLEMENT_NOT_ALLOWED', `RUN --${flag?.name}=${flag?.value} is not allowed in this build.`, {
    hint: `Allow it with --allow ${name} if you trust this Dockerfile.`,
    range: flag?.range,
  });
}

function invalid(flag: Flag | undefined, hint: string): KnownError {
  const message = `RUN --${flag?.name}=${flag?.value} is not one of its values.`;
  return new KnownError('DOCKERFILE_INVALID_FLAG', message, { hint, range: flag?.range });
}

function lastFlag(instruction: RunInstruction, name: string): Flag | undefined {
  return instruction.flags.findLast((flag) => flag.name === name);
}
