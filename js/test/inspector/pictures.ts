// Short ways to write what an inspector is shown.

import type { Inspection, ValueNode } from "../../src/protocol.ts";

export function node(name: string, fields: Partial<ValueNode> = {}): ValueNode {
  return {
    step: `.${name}`,
    name,
    type: "int",
    summary: "0",
    total: 0,
    hidden: false,
    editable: null,
    text: null,
    changed: null,
    opened: false,
    first: [],
    last: [],
    ...fields,
  };
}

/** A state with these keys. */
export function state(...keys: ValueNode[]): ValueNode {
  return node("state", { step: "state", total: keys.length, opened: true, first: keys });
}

export function inspection(revision: number, fields: Partial<Inspection> = {}): Inspection {
  return {
    type: "inspection",
    chat: 0,
    chats: 1,
    revision,
    id: "s",
    assistant: "Assistant",
    user: "User",
    status: "idle",
    state: state(),
    session: node("session", {
      step: "session",
      total: 1,
      first: [node("id", { type: "str", summary: "'s'" })],
    }),
    edited: [],
    ...fields,
  };
}
