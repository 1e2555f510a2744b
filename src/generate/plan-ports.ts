import type { GoProgram, LoopbackPort } from '../golang/module/go-module.ts';

interface PortPlan {
  /** As EXPOSE has them. */
  readonly ports: readonly string[];
  /** Arguments that make it listen for others; none where it does so by itself. */
  readonly command: readonly string[];
  /** The one that is asked for its health. */
  readonly port: number | undefined;
}

const MOST_PORTS = 4;

export function planPorts(program: GoProgram): PortPlan {
  const reached = reachableByFlag(program);
  if (reached) {
    return { ports: [String(reached.port)], command: [`-${reached.flag}=:${reached.port}`], port: reached.port };
  }
  return {
    ports: program.ports
      .slice(0, MOST_PORTS)
      .map(({ port, network }) => (network === 'udp' ? `${port}/udp` : `${port}`)),
    command: [],
    port: program.ports.find(({ network }) => network === 'tcp')?.port,
  };
}

/** Where it listens for its own machine only, and a flag can tell it to listen for others. */
export function reachableByFlag({ ports, loopbackPorts }: GoProgram): LoopbackPort | undefined {
  return ports.length === 0 ? loopbackPorts.find(({ flag }) => flag !== undefined) : undefined;
}
