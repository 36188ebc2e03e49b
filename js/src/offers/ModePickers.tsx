import { namedIcon } from "../icons/NamedIcon.tsx";
import type { ModeOffer } from "../protocol.ts";
import type { Store } from "../store.ts";

/** A choice for each mode. It goes with each message until it is changed. */
export function ModePickers({ store, modes }: { store: Store; modes: readonly ModeOffer[] }) {
  return (
    <>
      {modes.map((mode) => (
        <ModePicker key={mode.id} store={store} mode={mode} />
      ))}
    </>
  );
}

function ModePicker({ store: { draft }, mode }: { store: Store; mode: ModeOffer }) {
  const picked = draft.modes.value[mode.id] ?? mode.default ?? "";
  const option = mode.options.find(({ id }) => id === picked);
  return (
    <label class="mode" title={option?.description ?? ""}>
      {namedIcon(option?.icon ?? null)}
      <span class="mode-name" dir="auto">
        {mode.name}
      </span>
      <select
        value={picked}
        onChange={({ currentTarget }) => {
          draft.modes.value = { ...draft.modes.value, [mode.id]: currentTarget.value };
        }}
      >
        {mode.options.map(({ id, name, description }) => (
          <option key={id} value={id} title={description ?? ""}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
