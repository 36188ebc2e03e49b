// What the module of a custom element is given, for one place where the element is shown.

import { effect } from "@preact/signals";
import { randomId } from "../randomId.ts";
import type { Store } from "../store.ts";
import { questionOf, shownElement, toldElement } from "./find.ts";
import { type SharedProps, sharedProps, type Values } from "./sharedProps.ts";

type Listener = () => void;

export interface ComponentApi {
  /** Where it draws. */
  readonly el: HTMLElement;
  /** The props as they are now, always. */
  readonly props: Values;
  readonly update: (changes: Values) => void;
  readonly updateElement: (changes: Values) => void;
  /** Calls back after each change of props, here or in Python; returns what ends that. */
  readonly onChange: (listener: Listener) => Listener;
  readonly callAction: (action: { readonly name: string; readonly payload?: Values }) => Promise<unknown>;
  readonly sendUserMessage: (text: string) => void;
  readonly submitElement: (values: Values) => void;
  readonly cancelElement: () => void;
  readonly deleteElement: () => void;
  /** Aborted when the place is gone. */
  readonly signal: AbortSignal;
  readonly model: Model;
}

/** The part of anywidget's model that its modules use to draw. */
export interface Model {
  readonly get: (name: string) => unknown;
  readonly set: (name: string, value: unknown) => void;
  readonly save_changes: () => void;
  readonly on: (event: string, listener: Listener) => void;
  readonly off: (event?: string | null, listener?: Listener | null) => void;
}

export function componentApi(store: Store, id: string, el: HTMLElement, signal: AbortSignal): ComponentApi {
  const shared = sharedProps(store, id);
  const onChange = (listener: Listener) => {
    const end = shared.subscribe(listener);
    signal.addEventListener("abort", end);
    return end;
  };
  onChange(() => {}); // so that the props are there from the beginning
  const update = (changes: Values) => shared.update(changes);
  return {
    el,
    props: liveProps(shared),
    update,
    updateElement: update,
    onChange,
    callAction: ({ name, payload = {} }) => callAction(store, id, name, payload),
    sendUserMessage: (text) => store.say(String(text)),
    submitElement: (values) => answer(store, id, values),
    cancelElement: () => answer(store, id, null),
    deleteElement: () => {
      store.ask({ type: "remove_element", element: id, epoch: store.epoch }, () => !toldElement(store, id));
    },
    signal,
    model: modelOf(shared, onChange),
  };
}

/** An object that always has the props of the moment, also when it was taken apart from the rest long before. */
function liveProps(shared: SharedProps): Values {
  return new Proxy<Values>(
    {},
    {
      get: (_, name) => (typeof name === "string" ? shared.values[name] : undefined),
      has: (_, name) => name in shared.values,
      ownKeys: () => Object.keys(shared.values),
      getOwnPropertyDescriptor: (_, name) =>
        name in shared.values
          ? { value: shared.values[String(name)], enumerable: true, configurable: true }
          : undefined,
      set: (_, name) => {
        throw new TypeError(`Props are changed with update({ ${String(name)}: value }).`);
      },
    },
  );
}

function callAction(store: Store, id: string, name: string, payload: Values): Promise<unknown> {
  const [call, { epoch }] = [randomId(), store];
  const result = () => toldElement(store, id)?.results[call];
  return new Promise((resolve, reject) => {
    const isDone = () => result() !== undefined || !toldElement(store, id) || store.epoch !== epoch;
    store.ask({ type: "call_action", call, element: id, epoch, name, payload }, isDone);
    const stop = effect(() => {
      const shown = shownElement(store, id);
      const text = shown?.results[call];
      if (shown && text === undefined) return;
      queueMicrotask(() => stop());
      if (text === undefined) reject(new Error("The element is gone."));
      else resolve(JSON.parse(text));
    });
  });
}

function answer(store: Store, id: string, values: Values | null): void {
  const element = toldElement(store, id);
  const ask = element && questionOf(store, element);
  if (!ask) throw new Error("No question waits for an answer of this element.");
  const isDone = () => !store.picture.transcript?.item(ask.id);
  store.ask({ type: "answer", ask: ask.id, epoch: store.epoch, files: [], values }, isDone);
}

function modelOf(shared: SharedProps, onChange: ComponentApi["onChange"]): Model {
  let changes: Record<string, unknown> = {};
  const ends = new Map<string, Map<Listener, Listener>>();
  return {
    get: (name) => (name in changes ? changes[name] : shared.values[name]),
    set: (name, value) => {
      changes[name] = value;
    },
    save_changes: () => {
      const saved = changes;
      changes = {};
      shared.update(saved);
    },
    on: (event, listener) => {
      const listeners = ends.get(event) ?? new Map<Listener, Listener>();
      ends.set(event, listeners);
      listeners.set(listener, onChange(ofOne(shared, event, listener)));
    },
    off: (event, listener) => {
      for (const [name, listeners] of ends)
        for (const [each, end] of event && event !== name ? [] : listeners)
          if (!listener || listener === each) end();
    },
  };
}

/** Calls back only when the prop of "change:name" has changed. */
function ofOne(shared: SharedProps, event: string, listener: Listener): Listener {
  if (!event.startsWith("change:")) return listener;
  const name = event.slice("change:".length);
  const read = () => JSON.stringify(shared.values[name]);
  let before = read();
  return () => {
    const now = read();
    if (now === before) return;
    before = now;
    listener();
  };
}
