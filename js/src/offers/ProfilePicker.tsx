import { useEffect, useState } from "preact/hooks";
import { namedIcon } from "../icons/NamedIcon.tsx";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { isUnsaid, offersOf } from "./offersOf.ts";

const ARMED_MS = 8000;

/** Which profile the conversation has. Another one begins anew; when there is something to lose, only after a click. */
export function ProfilePicker({ store }: { store: Store }) {
  const { profiles, profile } = offersOf(store);
  const [wanted, want] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (wanted === undefined) return;
    const timer = setTimeout(() => want(undefined), ARMED_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  if (profiles.length < 2 || !store.isWritable.value) return null;

  const asked = store.asked.value.find((each) => each.type === "restart")?.profile;
  const shown = wanted ?? asked ?? profile;
  const chosen = profiles.find(({ name }) => name === shown);
  const begin = (name: string) => {
    want(undefined);
    store.restart(name);
  };
  const choose = (name: string) => {
    if (name === profile) want(undefined);
    else if (isUnsaid(store)) begin(name);
    else want(name);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape in what is inside takes the choice back.
    <div class="profile" onKeyDown={(event) => event.key === "Escape" && want(undefined)}>
      {namedIcon(chosen?.icon ?? null)}
      <select
        aria-label="Profile"
        value={shown ?? ""}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {!chosen && <option value="">–</option>}
        {profiles.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      {wanted !== undefined && (
        <button
          type="button"
          class="text-button armed"
          title={`Ends this conversation and starts another with ${chosen?.label}`}
          onClick={(event) => {
            focusComposer(event);
            begin(wanted);
          }}
        >
          Start over?
        </button>
      )}
    </div>
  );
}
