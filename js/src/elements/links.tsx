import { computed, type ReadonlySignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import type { ReadText } from "../markdown/engines.ts";
import type { Store } from "../store.ts";
import { asideOf } from "./aside.ts";
import { elementOf } from "./find.ts";
import { Names } from "./names.ts";

const links = new WeakMap<Store, Map<string, ReadonlySignal<ReadText | undefined>>>();

/** What makes links of the names of a message's elements in its text; nothing where there are none to open. */
export function linksIn(store: Store, message: string): ReadText | undefined {
  const known = links.get(store) ?? new Map();
  links.set(store, known);
  const reader = known.get(message) ?? makeReader(store, message);
  known.set(message, reader);
  return reader.value;
}

function makeReader(store: Store, message: string): ReadonlySignal<ReadText | undefined> {
  let names = "[]";
  let reader: ReadText | undefined;
  return computed(() => {
    const now = namesOf(store, message);
    if (JSON.stringify(now) === names) return reader; // the very same: the message is not read again
    names = JSON.stringify(now);
    reader = now.length > 0 ? readerOf(store, new Names(now)) : undefined;
    return reader;
  });
}

function namesOf(store: Store, message: string): [string, string][] {
  const children = store.picture.item(message).value?.children ?? [];
  return children
    .flatMap((id) => elementOf(store, id) ?? [])
    .filter(({ display, name }) => display !== "inline" && name.trim() !== "")
    .map(({ name, id }) => [name, id]);
}

function readerOf(store: Store, names: Names): ReadText {
  return (text) => {
    const found = names.find(text);
    if (found.length === 0) return text;
    const nodes: ComponentChild[] = [];
    let end = 0;
    for (const place of found) {
      nodes.push(text.slice(end, place.start), link(store, place.id, text.slice(place.start, place.end)));
      end = place.end;
    }
    return [...nodes, text.slice(end)];
  };
}

function link(store: Store, id: string, text: string) {
  return (
    <button
      type="button"
      class="link-button element-link"
      onClick={({ currentTarget }) => asideOf(store).open(id, currentTarget)}
    >
      {text}
    </button>
  );
}
