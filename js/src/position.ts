/** How far a transcript is: `seq` events of session `epoch`. */
export interface Position {
  readonly epoch: number;
  readonly seq: number;
}

/** Before the first picture. */
export const NOWHERE: Position = { epoch: 0, seq: 0 };

export function isAhead(a: Position, b: Position): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.seq > b.seq);
}

export function furthest(a: Position, b: Position): Position {
  return isAhead(b, a) ? b : a;
}
