/** The file that `generate` is for. */
export const TARGET: string;

/** The text of the types that the page shares with the kernel. */
export function generate(): Promise<string>;
