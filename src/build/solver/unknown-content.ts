/** Thrown where a key asks for files that are not there, and are not to be made for it; operations pass it on. */
export class UnknownContent extends Error {}
