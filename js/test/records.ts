// Short ways to write the records of the protocol.

import type {
  ActionItem,
  AskItem,
  ElementItem,
  Info,
  MessageItem,
  Offers,
  OutputItem,
  Snapshot,
  StepItem,
  TurnRecord,
} from "../src/protocol.ts";

export function message(id: string, content: string, fields: Partial<MessageItem> = {}): MessageItem {
  return {
    kind: "message",
    id,
    type: "assistant_message",
    author: "Assistant",
    content,
    created_at: "2026-11-22T10:00:00Z",
    parent_id: null,
    language: null,
    streaming: false,
    is_error: false,
    traceback: null,
    command: null,
    rating: null,
    ...fields,
  };
}

export function userMessage(id: string, content: string): MessageItem {
  return message(id, content, { type: "user_message", author: "User" });
}

export function output(id: string, fields: Partial<OutputItem> = {}): OutputItem {
  return {
    kind: "output",
    id,
    name: "stdout",
    content: "",
    data: {},
    assets: {},
    parent_id: null,
    ...fields,
  };
}

export function element(id: string, fields: Partial<ElementItem> = {}): ElementItem {
  return {
    kind: "element",
    id,
    type: "text",
    name: "",
    content: "",
    display: "inline",
    size: null,
    mime: null,
    language: null,
    asset: null,
    bytes: null,
    url: null,
    page: null,
    auto_play: false,
    code: null,
    changes: {},
    results: {},
    for_id: null,
    ...fields,
  };
}

/** A step that runs; its name is its id. */
export function action(id: string, fields: Partial<ActionItem> = {}): ActionItem {
  return {
    kind: "action",
    id,
    name: "do",
    for_id: "m1",
    content: "",
    tooltip: "",
    icon: null,
    running: false,
    clicked: null,
    ...fields,
  };
}

export function ask(id: string, fields: Partial<AskItem> = {}): AskItem {
  return {
    kind: "ask",
    id,
    type: "text",
    for_id: "m1",
    content: "",
    args: {},
    accept: [],
    max_size_mb: 0,
    max_files: 0,
    ...fields,
  };
}

export function step(id: string, fields: Partial<StepItem> = {}): StepItem {
  return {
    kind: "step",
    id,
    name: id,
    type: "undefined",
    input: "",
    content: "",
    input_language: null,
    language: null,
    started_at: "2026-11-22T10:00:00Z",
    ended_at: null,
    streaming: false,
    is_error: false,
    default_open: false,
    auto_collapse: false,
    icon: null,
    parent_id: null,
    ...fields,
  };
}

export function turn(id: string, status: TurnRecord["status"], ...items: TurnRecord["items"]): TurnRecord {
  return { id, status, items, siblings: [] };
}

export function info(fields: Partial<Info> = {}): Info {
  return {
    type: "info",
    session: "s",
    assistant: "Assistant",
    has_on_message: true,
    user: null,
    ended: false,
    can_restore: false,
    ...fields,
  };
}

export function offers(fields: Partial<Offers> = {}): Offers {
  return {
    type: "offers",
    profiles: [],
    profile: null,
    starters: [],
    commands: [],
    modes: [],
    settings: [],
    taken: null,
    edits: false,
    uploads: null,
    feedback: false,
    window_messages: false,
    ...fields,
  };
}

export function snapshot(fields: Partial<Snapshot> = {}): Snapshot {
  return {
    type: "snapshot",
    epoch: 1,
    seq: 0,
    info: info(),
    offers: offers(),
    sidebar: { type: "sidebar", title: "", elements: [], key: null, id: "" },
    turns: [],
    earlier: 0,
    ...fields,
  };
}
