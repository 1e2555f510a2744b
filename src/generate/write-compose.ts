import type { ImagePlan, ProgramPlan } from './image-plan.ts';
import { privateAccess } from './private-access.ts';

/** The text of compose.yaml: a service for each program, with nothing it does not need. */
export function writeCompose(plan: ImagePlan): string {
  const services = plan.programs.map((program) => service(plan, program));
  const { composeSecrets } = privateAccess(plan);
  const secrets = composeSecrets.length > 0 ? ['', ...composeSecrets] : [];
  return `${['services:', services.join('\n\n'), ...secrets].join('\n')}\n`;
}

function service(plan: ImagePlan, program: ProgramPlan): string {
  const isMulti = plan.programs.length > 1;
  return indent(2, [
    `${program.name}:`,
    ...indent(2, [
      `image: ${program.name}`,
      'build:',
      '  context: .',
      ...(isMulti ? [`  target: ${program.name}`] : []),
      ...indent(2, privateAccess(plan).composeBuild),
      ...composePorts(program.ports),
      ...composeEnvironment(program),
      ...healthCheck(program),
      '# Nothing is written to the image, and nothing may become root.',
      'read_only: true',
      'tmpfs:',
      '  - /tmp',
      'cap_drop:',
      '  - ALL',
      'security_opt:',
      '  - no-new-privileges:true',
      ...(program.ports.length > 0 ? ['restart: unless-stopped'] : []),
    ]),
  ]).join('\n');
}

/** On the loopback address: who wants others to reach it takes the address away. */
export function composePorts(ports: readonly string[]): readonly string[] {
  if (ports.length === 0) return [];
  return ['ports:', ...ports.map((port) => `  - "127.0.0.1:${published(port)}:${port}"`)];
}

/** An ordinary user may not listen below 1024. */
function published(port: string): string {
  const number = Number.parseInt(port, 10);
  return String(number < 1024 ? number + 8000 : number);
}

/** Variables are named, not given: their values come from the shell or an .env file, and an unset one stays unset. */
export function composeEnvironment({ program }: ProgramPlan): readonly string[] {
  const names = program.environment.map(({ value }) => value).filter((name) => !FROM_THE_SYSTEM.test(name));
  return names.length === 0
    ? []
    : [
        '# Taken from the shell or an .env file; what is not set there stays unset.',
        'environment:',
        ...names.slice(0, 40).map((name) => `  - ${name}`),
      ];
}

const FROM_THE_SYSTEM =
  /^(?:HOME|PATH|USER|PWD|SHELL|TERM|HOSTNAME|TMPDIR|LANG|LC_.*|XDG_.*|NOTIFY_SOCKET|WATCHDOG_.*|LISTEN_(?:PID|FDS)|GO[A-Z]+)$/;

function healthCheck({ healthCheck, noHealthCheck }: ProgramPlan): readonly string[] {
  return healthCheck === undefined ? [`# No health check: ${noHealthCheck}.`] : ["# The health check is the image's."];
}

export function indent(width: number, lines: readonly string[]): readonly string[] {
  return lines.map((line) => ' '.repeat(width) + line);
}
