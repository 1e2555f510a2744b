/** --call: what can be asked about a build in place of making it. */
export const CALL_METHODS = ['check', 'outline', 'targets'] as const;
export type CallMethod = (typeof CALL_METHODS)[number];
