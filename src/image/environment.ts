/** Environment variables by name, as `process.env`; handed in by the command line. */
export type Environment = Readonly<Record<string, string | undefined>>;
