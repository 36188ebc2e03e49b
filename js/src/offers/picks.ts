// Keeps what the user has picked in line with what is offered: what is not offered any more is not picked, and a new
// list of commands may come with one that is picked at first.

import { effect, untracked } from "@preact/signals";
import type { CommandOffer, ModeOffer } from "../protocol.ts";
import type { Store } from "../store.ts";
import { offersOf } from "./offersOf.ts";

const watched = new WeakSet<Store>();

/** Begins to do so, once for each chat; it ends with the chat. */
export function watchPicks(store: Store): void {
  if (watched.has(store)) return;
  watched.add(store);
  let known = "";
  effect(() => {
    const { commands, modes } = offersOf(store);
    untracked(() => {
      const list = JSON.stringify(commands);
      if (list !== known) keepCommand(store, commands);
      known = list;
      keepModes(store, modes);
    });
  });
}

function keepCommand({ draft: { command } }: Store, commands: readonly CommandOffer[]): void {
  if (commands.some(({ id }) => id === command.value)) return;
  command.value = commands.find(({ selected }) => selected)?.id ?? null;
}

function keepModes({ draft: { modes } }: Store, offered: readonly ModeOffer[]): void {
  const isOffered = ([id, option]: [string, string]) =>
    offered.some((mode) => mode.id === id && mode.options.some((each) => each.id === option));
  const picked = Object.entries(modes.value);
  const kept = picked.filter(isOffered);
  if (kept.length < picked.length) modes.value = Object.fromEntries(kept);
}
