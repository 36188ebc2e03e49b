import type { ComponentChildren } from "preact";
import { assertNever } from "../assertNever.ts";
import type { Pending } from "../outbox.ts";
import type { Item } from "../protocol.ts";
import type { Store } from "../store.ts";
import type { Turn } from "../transcript.ts";
import { Dots } from "./Dots.tsx";
import { Later } from "./Later.tsx";
import { LinkButton } from "./LinkButton.tsx";
import { type Phase, phaseOf } from "./phase.ts";

const SENDING_SHOWS_MS = 600;
const WAITING_SHOWS_MS = 400;
const BUSY_SHOWS_MS = 600;

interface Props {
  readonly store: Store;
  readonly id: string;
  readonly turn: Turn | undefined;
  readonly pending: Pending | undefined;
}

/** The line below a turn that says what it waits for, or how it ended. */
export function TurnState({ store, id, turn, pending }: Props) {
  const isFirstInLine = turn?.status === "queued" && store.picture.line.value[0] === id;
  const isStopAsked = store.isStopAsked(id);
  const phase = phaseOf({ turn, pending, isFirstInLine, isStopAsked });
  // The key starts the clock anew: how long a turn waits is told of each phase.
  return <PhaseLine key={phase} phase={phase} store={store} id={id} items={turn?.items ?? []} />;
}

interface PhaseProps {
  readonly phase: Phase;
  readonly store: Store;
  readonly id: string;
  readonly items: readonly string[];
}

function PhaseLine({ phase, store, id, items }: PhaseProps) {
  switch (phase) {
    case "sending":
      return (
        <Later ms={SENDING_SHOWS_MS}>
          <Line>Waiting for the kernel</Line>
        </Later>
      );
    case "stuck":
      return <StuckLine store={store} id={id} />;
    case "queued":
      return (
        <Line>
          Queued <WithdrawButton store={store} id={id} />
        </Line>
      );
    case "waiting":
      return (
        <Later ms={WAITING_SHOWS_MS}>
          <Line>
            Waiting for the kernel: a cell is running <WithdrawButton store={store} id={id} />
          </Line>
        </Later>
      );
    case "running":
      return isAnswer(store, items.at(-1)) ? null : <Dots />;
    case "stopping":
      return (
        <Later ms={BUSY_SHOWS_MS} until={<Line>Stopping…</Line>}>
          <Line>Stop requested; the kernel is busy</Line>
        </Later>
      );
    case "stopped":
      return <Line>Stopped</Line>;
    case "failed":
      return items.some((item) => isError(store, item)) ? null : <Line>Failed</Line>;
    case "done":
      return null;
    default:
      return assertNever(phase);
  }
}

function StuckLine({ store, id }: { store: Store; id: string }) {
  return (
    <Line>
      Not delivered yet
      <LinkButton onClick={() => store.tryAgain()}>Try again</LinkButton>
      <LinkButton onClick={() => store.putBack(id)}>Put back</LinkButton>
    </Line>
  );
}

function WithdrawButton({ store, id }: { store: Store; id: string }) {
  return (
    <LinkButton
      title="Take this message back before it is answered"
      disabled={store.isWithdrawing(id)}
      onClick={() => store.withdraw(id)}
    >
      Withdraw
    </LinkButton>
  );
}

function Line({ children }: { children: ComponentChildren }) {
  return (
    <div class="turn-state" data-chat-chrome>
      {children}
    </div>
  );
}

// Only kinds are read, and those never change: no need to look again at each token.

function isAnswer(store: Store, id: string | undefined): boolean {
  const item = id === undefined ? undefined : peek(store, id);
  return (
    item !== undefined && item.kind !== "step" && !(item.kind === "message" && item.type === "user_message")
  );
}

function isError(store: Store, id: string): boolean {
  const item = peek(store, id);
  return item?.kind === "message" && item.is_error;
}

function peek(store: Store, id: string): Item | undefined {
  return store.picture.item(id).peek()?.item;
}
