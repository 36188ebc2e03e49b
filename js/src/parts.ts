/** What a lazy chunk uses of the core, by module and by name. */
export type Parts = Readonly<Record<string, unknown>>;

/**
 * The parts of this core that its chunks use: they have no copy of their own.
 *
 * The build fills this in (see build.mjs); under test there are no built chunks.
 */
export const parts: Parts = {};
