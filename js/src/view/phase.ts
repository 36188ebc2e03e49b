import type { Pending } from "../outbox.ts";
import type { Turn } from "../transcript.ts";

/** What is going on with a turn, as the reader is told. */
export type Phase =
  | "sending"
  | "stuck"
  | "queued"
  | "waiting"
  | "running"
  | "stopping"
  | "stopped"
  | "failed"
  | "done";

interface Circumstances {
  readonly turn: Turn | undefined;
  readonly pending: Pending | undefined;
  readonly isFirstInLine: boolean;
  readonly isStopAsked: boolean;
}

export function phaseOf({ turn, pending, isFirstInLine, isStopAsked }: Circumstances): Phase {
  if (!turn) return phaseOfPending(pending, isStopAsked);
  if (turn.status === "running") return isStopAsked ? "stopping" : "running";
  if (turn.status !== "queued") return turn.status;
  if (isStopAsked) return "stopping";
  return isFirstInLine ? "waiting" : "queued";
}

function phaseOfPending(pending: Pending | undefined, isStopAsked: boolean): Phase {
  if (pending?.isStuck) return "stuck";
  return isStopAsked ? "stopping" : "sending";
}
