const NS_PER_SECOND = 1_000_000_000n;

/** The time of something made now, or of `mtimeNs`, no later than SOURCE_DATE_EPOCH; undefined leaves it to the disk. */
export function clampTime(epochSeconds: number | undefined, mtimeNs?: bigint): bigint | undefined {
  if (epochSeconds === undefined) return mtimeNs;
  const limit = BigInt(epochSeconds) * NS_PER_SECOND;
  return mtimeNs !== undefined && mtimeNs < limit ? mtimeNs : limit;
}
