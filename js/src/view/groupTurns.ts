/** Turns are laid out in groups, and the browser skips the groups out of sight: one by one would be slower than all. */
export const GROUP_SIZE = 50;

export interface TurnGroup {
  /** Counted from the anchor: a group keeps its number whatever comes before or after it. */
  readonly number: number;
  readonly turns: readonly string[];
}

/** The turns in groups that end or begin at the turn `anchor`, so that turns put in front move none to another group. */
export function groupTurns(turns: readonly string[], anchor: number): TurnGroup[] {
  const first = Math.floor(-anchor / GROUP_SIZE);
  const end = Math.ceil((turns.length - anchor) / GROUP_SIZE);
  return Array.from({ length: end - first }, (_, index) => {
    const start = anchor + (first + index) * GROUP_SIZE;
    return { number: first + index, turns: turns.slice(Math.max(start, 0), start + GROUP_SIZE) };
  });
}
