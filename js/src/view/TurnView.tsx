import type { Pending } from "../outbox.ts";
import type { Store } from "../store.ts";
import { Given } from "./Given.tsx";
import { Items } from "./ItemView.tsx";
import { TurnState } from "./TurnState.tsx";
import { UserBubble } from "./UserBubble.tsx";

interface Props {
  readonly store: Store;
  readonly id: string;
  readonly pending: Pending | undefined;
}

const NONE: readonly string[] = [];

/** One user message and everything it caused. */
export function TurnView({ store, id, pending }: Props) {
  const turn = store.picture.turn(id).value;
  const items = turn?.items ?? NONE;
  return (
    <div class="turn" data-turn={id} data-status={turn?.status ?? "pending"}>
      {pending && items.length === 0 && (
        <UserBubble author={you(store)} content={pending.content} command={pending.beside.command}>
          <Given store={store} ids={[...pending.files.keys()]} />
        </UserBubble>
      )}
      <Items store={store} ids={items} />
      <TurnState store={store} id={id} turn={turn} pending={pending} />
    </div>
  );
}

function you(store: Store): string {
  return store.picture.info.peek()?.user ?? "You";
}
