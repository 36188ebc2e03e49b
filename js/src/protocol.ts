// Generated from anychat/protocol.py; change it there, then run `nox -s protocol`.

export type Command =
  | Hello
  | UserMessage
  | Click
  | Answer
  | Stop
  | Withdraw
  | Restart
  | ShowBranch
  | Restore
  | FillForm
  | Resync
  | Ack
  | GetEarlier
  | GetAsset
  | PutFile
  | DropFile
  | Inspect
  | StopInspecting
  | SetValue
  | PostWindow
  | Rate
  | Bye
  | CloseSidebar
  | ChangeProps
  | CallAction
  | RemoveElement;
export type Event =
  | TurnPut
  | TurnRemoved
  | ItemPut
  | Token
  | MessagePatch
  | StepPatch
  | ItemRemoved
  | Info
  | Offers
  | Sidebar
  | Toast
  | WindowMessage
  | WindowHeard;
export type Item = MessageItem | OutputItem | StepItem | ActionItem | ElementItem | AskItem;
export type Packet =
  Events | Snapshot | Earlier | Head | Asset | FileState | Inspection | Refused | Incompatible | Reload;

/**
 * Everything up to `seq` has arrived.
 */
export interface Ack {
  type: "ack";
  page: string;
  epoch: number;
  seq: number;
}
/**
 * A button below a message. What it carries stays in the kernel: a click names the item.
 *
 * `content` is its label; where there is none, its icon is all to see, or the name if there is no such icon.
 * `clicked` is the last click that was taken (see `Click`); `running` while the callback of one runs.
 */
export interface ActionItem {
  kind: "action";
  id: string;
  name: string;
  for_id: string;
  content: string;
  tooltip: string;
  icon: string | null;
  running: boolean;
  clicked: string | null;
}
/**
 * The user answers a question (the id of an `AskItem`) with files that were uploaded, or an element's values.
 *
 * Without values, the element was cancelled. What a function of the page returns is the value ``result``. A text is
 * answered by a `UserMessage`, and buttons by a `Click`.
 */
export interface Answer {
  type: "answer";
  ask: string;
  epoch: number;
  files: string[];
  values: {} | null;
}
/**
 * A callback waits for an answer to the message `for_id`; gone when it waits no more.
 *
 * `content` is the question. A text is written in the composer; an action is one of the message's buttons; an
 * element is filled in by the user; files are those that `accept` allows, by MIME type (with ``*``) or ending (with
 * a dot). A function is one of the page around the chat: `content` is its name, and `args` are its arguments.
 */
export interface AskItem {
  kind: "ask";
  id: string;
  type: "action" | "element" | "file" | "function" | "text";
  for_id: string;
  content: string;
  args: {};
  accept: string[];
  max_size_mb: number;
  max_files: number;
}
/**
 * The bytes of `hash` are this packet's buffer; without a buffer the kernel does not have them.
 */
export interface Asset {
  type: "asset";
  hash: string;
}
/**
 * The page shows this chat no longer (a hint: a closed tab often cannot say it).
 */
export interface Bye {
  type: "bye";
  page: string;
}
/**
 * A component calls an action callback. The page makes up `call`, so sending it twice is one.
 */
export interface CallAction {
  type: "call_action";
  call: string;
  element: string;
  epoch: number;
  name: string;
  payload: {};
}
/**
 * A component changes some of its props in a page. `writer` counts its changes, so sending one twice is one.
 */
export interface ChangeProps {
  type: "change_props";
  element: string;
  epoch: number;
  writer: string;
  change: number;
  props: {};
}
/**
 * When a key last changed: at a time (ISO 8601), in a turn (0: the opening), as far as each is known.
 */
export interface Changed {
  at: string | null;
  turn: number | null;
  is_new: boolean;
}
/**
 * An entry of a list to choose from.
 */
export interface Choice {
  label: string;
  value: string;
}
/**
 * The user clicks a button (the id of an `ActionItem`). The page makes up `click`, so sending it twice is one.
 */
export interface Click {
  type: "click";
  click: string;
  action: string;
  epoch: number;
}
/**
 * The user closes what stands beside the conversation, if it is still the one with this id.
 */
export interface CloseSidebar {
  type: "close_sidebar";
  epoch: number;
  id: string;
}
/**
 * A page shows this chat and asks for the picture.
 *
 * Versions are compared here: a page that was loaded by another anychat than the kernel runs is
 * told to reload. `epoch` and `seq` tell what the page has already (0 and 0: nothing).
 */
export interface Hello {
  type: "hello";
  protocol: number;
  page: string;
  epoch: number;
  seq: number;
}
/**
 * The user sends `content`. The page makes up `turn`, so sending it twice changes nothing.
 *
 * `epoch` tells which session it was written to (0: the page had no picture yet). No other session takes it.
 * With `replaces`, the conversation goes back to before that turn first: an edited message, or one asked again.
 * `command` and `modes` (option by mode) are what was picked beside the text, `files` what was uploaded for it.
 * With `answers`, the text answers that question (see `AskItem`) and begins no turn: `turn` is the id of the message.
 */
export interface UserMessage {
  type: "user_message";
  turn: string;
  content: string;
  epoch: number;
  replaces: string | null;
  answers: string | null;
  command: string | null;
  modes: {
    [k: string]: string;
  };
  files: string[];
}
/**
 * Stop this turn, if it still runs or waits.
 *
 * Where no turn does, stop what runs aside; a page that knows only of its question names that.
 */
export interface Stop {
  type: "stop";
  turn: string;
}
/**
 * Take back a message that still waits in the queue.
 */
export interface Withdraw {
  type: "withdraw";
  turn: string;
}
/**
 * New chat: end the session of this epoch and begin the next; with another profile, if one is named.
 */
export interface Restart {
  type: "restart";
  epoch: number;
  profile: string | null;
}
/**
 * Go to the branch that begins with this turn, with the state that it was left in.
 */
export interface ShowBranch {
  type: "show_branch";
  epoch: number;
  turn: string;
}
/**
 * Go on with the conversation that ended when the chat's cell was run again.
 */
export interface Restore {
  type: "restore";
  epoch: number;
}
/**
 * The settings form as the user has filled it in: `values` by the ids of its inputs.
 *
 * The page makes up `form`, and sends it until `Offers` say that it was taken. Before it is `confirmed`, the App may
 * want to hear of it, but the settings stay as they are.
 */
export interface FillForm {
  type: "fill_form";
  epoch: number;
  form: string;
  values: {};
  confirmed: boolean;
}
/**
 * Something is missing after `seq`: send it again.
 */
export interface Resync {
  type: "resync";
  page: string;
  epoch: number;
  seq: number;
}
/**
 * Ask for the turns before the first one that the page has.
 */
export interface GetEarlier {
  type: "get_earlier";
  epoch: number;
  before: string;
}
/**
 * Ask for the bytes with this SHA-256 hash (of a large file: of its name, size and time).
 */
export interface GetAsset {
  type: "get_asset";
  hash: string;
}
/**
 * A part of a file is this command's buffer; without a buffer, the page only asks how much the kernel has.
 *
 * Parts are taken in order, each once. The page makes up `file`, and goes on where the answer (`FileState`) says.
 * With `ask`, the file answers that question; else it goes with a message that is yet to be sent.
 */
export interface PutFile {
  type: "put_file";
  epoch: number;
  file: string;
  name: string;
  size: number;
  offset: number;
  ask: string | null;
}
/**
 * The user does not want to send this file after all.
 */
export interface DropFile {
  type: "drop_file";
  epoch: number;
  file: string;
}
/**
 * An inspector of `chat` is open in this page, with these parts shown. It is said again and again while that is so.
 *
 * The kernel sends an `Inspection` when there is one newer than `seen`, and with each change from then on.
 */
export interface Inspect {
  type: "inspect";
  page: string;
  chat: number;
  seen: number;
  opened: Opened[];
}
/**
 * A value whose parts are shown: the steps that lead to it, from ``"state"`` or ``"session"``; how many at most.
 */
export interface Opened {
  path: string[];
  most: number;
}
/**
 * The page shows no inspector of `chat` any more.
 */
export interface StopInspecting {
  type: "stop_inspecting";
  page: string;
  chat: number;
}
/**
 * The user edited the value that `path` leads to, in this session. An edit with the same `edit` is done once.
 *
 * The kernel reads `text` as the type that the value has.
 */
export interface SetValue {
  type: "set_value";
  edit: string;
  chat: number;
  session: string;
  path: string[];
  text: string;
}
/**
 * The window around the chat got a message. The page makes up `post`, so sending it twice is one.
 */
export interface PostWindow {
  type: "post_window";
  post: string;
  epoch: number;
  data: unknown;
}
/**
 * What the user thinks of an answer (the id of its message); None takes it back.
 */
export interface Rate {
  type: "rate";
  message: string;
  epoch: number;
  rating: Rating | null;
}
/**
 * What the user thinks of an answer: 1 is good, 0 is bad.
 */
export interface Rating {
  value: 0 | 1;
  comment: string;
}
/**
 * A component takes itself back.
 */
export interface RemoveElement {
  type: "remove_element";
  element: string;
  epoch: number;
}
/**
 * Something that the user can pick beside the text of a message, with ``/`` or, if `button`, with a button.
 */
export interface CommandOffer {
  id: string;
  description: string;
  icon: string | null;
  button: boolean;
  persistent: boolean;
  selected: boolean;
}
/**
 * Turns that come right before `before`, as they are after event `seq`; and how many there are before them.
 *
 * A page that is not at `(epoch, seq)` when this arrives asks again: it could have missed a change to them.
 */
export interface Earlier {
  type: "earlier";
  epoch: number;
  seq: number;
  before: string;
  turns: TurnRecord[];
  earlier: number;
}
/**
 * One user message and everything it caused; the opening turn has no user message.
 *
 * `siblings` are the turns that begin branches at this point, this one among them, in the order they were made;
 * empty where there is but one.
 */
export interface TurnRecord {
  id: string;
  status: "done" | "failed" | "queued" | "running" | "stopped" | "stopping";
  items: (MessageItem | OutputItem | StepItem | ActionItem | ElementItem | AskItem)[];
  siblings: string[];
}
/**
 * One message, of the user or of the assistant. It stands in the turn itself, whatever it was said in.
 *
 * `command` is what the user picked beside the text.
 */
export interface MessageItem {
  kind: "message";
  id: string;
  type: "assistant_message" | "system_message" | "user_message";
  author: string;
  content: string;
  created_at: string;
  parent_id: string | null;
  language: string | null;
  streaming: boolean;
  is_error: boolean;
  traceback: string | null;
  command: string | null;
  rating: Rating | null;
}
/**
 * What a callback printed or displayed: text in `content`, or a MIME bundle.
 *
 * `data` holds the bundle's texts by MIME type; `assets` the hashes of its binary parts, for `GetAsset`.
 */
export interface OutputItem {
  kind: "output";
  id: string;
  name: "display" | "stderr" | "stdout";
  content: string;
  data: {
    [k: string]: string;
  };
  assets: {
    [k: string]: string;
  };
  parent_id: string | null;
}
/**
 * Something that is done on the way to an answer: `input` and, in `content`, its output.
 *
 * Times are ISO 8601; without `ended_at` it goes on. `input_language` and `language` are those to show input and
 * output in as code (None: Markdown). `icon` names a picture.
 */
export interface StepItem {
  kind: "step";
  id: string;
  name: string;
  type: "embedding" | "llm" | "rerank" | "retrieval" | "run" | "tool" | "undefined";
  input: string;
  content: string;
  input_language: string | null;
  language: string | null;
  started_at: string | null;
  ended_at: string | null;
  streaming: boolean;
  is_error: boolean;
  default_open: boolean;
  auto_collapse: boolean;
  icon: string | null;
  parent_id: string | null;
}
/**
 * Something to see, hear or fetch: a text, a picture, a file, a table.
 *
 * Its bytes are the asset with the hash `asset`, `bytes` many, or lie at `url`, which the page fetches only when it
 * may; text, and JSON that is made for the page (a table, a figure, the props of a component), is in `content` unless
 * it is long: then it is the asset, too. `page` is where a PDF opens; `auto_play` starts what the kernel has itself;
 * `code` is the hash of the module that draws it.
 *
 * A component's props are changed in pages, too: `changes` counts, for each place where that is done, which of its
 * changes are in `content`. `results` are what its last calls returned, as JSON, by call.
 */
export interface ElementItem {
  kind: "element";
  id: string;
  type:
    "audio" | "custom" | "dataframe" | "file" | "image" | "pdf" | "plotly" | "tasklist" | "text" | "video";
  name: string;
  content: string;
  display: "inline" | "page" | "side";
  size: ("large" | "medium" | "small") | null;
  mime: string | null;
  language: string | null;
  asset: string | null;
  bytes: number | null;
  url: string | null;
  page: number | null;
  auto_play: boolean;
  code: string | null;
  changes: {
    [k: string]: number;
  };
  results: {
    [k: string]: string;
  };
  for_id: string | null;
}
/**
 * An edit (see `SetValue`) was carried out, or was not: `error` says why.
 */
export interface Edited {
  edit: string;
  error: string | null;
}
/**
 * A turn begins, or its status changes. A new one may be a branch beside others: see `TurnRecord`.
 */
export interface TurnPut {
  type: "turn";
  id: string;
  status: "done" | "failed" | "queued" | "running" | "stopped" | "stopping";
  siblings?: string[];
}
/**
 * A queued message was withdrawn.
 */
export interface TurnRemoved {
  type: "turn_removed";
  id: string;
}
/**
 * An item is new, or replaces the one of the same id where it stands.
 *
 * It is shown in its owner, if that is an item of the same turn; else in the turn itself.
 */
export interface ItemPut {
  type: "item";
  turn: string;
  item: MessageItem | OutputItem | StepItem | ActionItem | ElementItem | AskItem;
}
/**
 * Text at the end of an item's content; with `is_input`, at the end of a step's input.
 */
export interface Token {
  type: "token";
  id: string;
  text: string;
  is_input?: boolean;
}
/**
 * The fields of a message that changed.
 */
export interface MessagePatch {
  type: "patch";
  id: string;
  content?: string;
  author?: string;
  language?: string | null;
  parent_id?: string | null;
  streaming?: boolean;
  is_error?: boolean;
  rating?: Rating | null;
}
/**
 * The fields of a step that changed.
 */
export interface StepPatch {
  type: "step";
  id: string;
  name?: string;
  input?: string;
  content?: string;
  input_language?: string | null;
  language?: string | null;
  started_at?: string | null;
  ended_at?: string | null;
  streaming?: boolean;
  is_error?: boolean;
  icon?: string | null;
}
/**
 * An item is gone, and what is shown in it.
 */
export interface ItemRemoved {
  type: "item_removed";
  id: string;
}
/**
 * What the page shows around the conversation.
 */
export interface Info {
  type: "info";
  session: string;
  assistant: string;
  has_on_message: boolean;
  user: string | null;
  ended: boolean;
  can_restore: boolean;
}
/**
 * What the user can do beside writing a message.
 *
 * `settings` is the settings form, with what stands in it; `taken` names the latest `FillForm` that was heard, and
 * `edits` says whether somebody wants to hear of each change in it.
 */
export interface Offers {
  type: "offers";
  profiles: ProfileOffer[];
  profile: string | null;
  starters: StarterGroup[];
  commands: CommandOffer[];
  modes: ModeOffer[];
  settings: Field[];
  taken: string | null;
  edits: boolean;
  uploads: UploadRules | null;
  feedback: boolean;
  window_messages: boolean;
}
/**
 * A kind of chat that the user may choose: choosing one begins a new conversation.
 */
export interface ProfileOffer {
  name: string;
  label: string;
  description: string;
  icon: string | null;
}
/**
 * Starters under a heading, or under none.
 */
export interface StarterGroup {
  starters: StarterOffer[];
  label: string | null;
  icon: string | null;
}
/**
 * A message that the user can send with one click.
 */
export interface StarterOffer {
  label: string;
  message: string;
  command: string | null;
  icon: string | null;
}
/**
 * A choice that goes with every message until it is changed; `default` is the id of an option.
 */
export interface ModeOffer {
  id: string;
  name: string;
  options: ModeChoice[];
  default: string | null;
}
/**
 * One of the options of a mode.
 */
export interface ModeChoice {
  id: string;
  name: string;
  description: string | null;
  icon: string | null;
}
/**
 * An input widget of the settings form, with what stands in it; one of type ``tab`` holds others in `inputs`.
 */
export interface Field {
  id: string;
  type:
    | "checkbox"
    | "datepicker"
    | "multiselect"
    | "numberinput"
    | "radio"
    | "select"
    | "slider"
    | "switch"
    | "tab"
    | "tags"
    | "textinput";
  label: string;
  value: boolean | number | string | string[] | null;
  initial: boolean | number | string | string[] | null;
  tooltip: string | null;
  description: string | null;
  disabled: boolean;
  placeholder: string | null;
  multiline: boolean;
  items: Choice[];
  min: number | null;
  max: number | null;
  step: number | null;
  min_date: string | null;
  max_date: string | null;
  mode: string | null;
  inputs: Field[];
}
/**
 * Which files the user may add to a message: by MIME type (with ``*``) or ending (with a dot).
 */
export interface UploadRules {
  accept: string[];
  max_files: number;
  max_size_mb: number;
}
/**
 * What stands beside the conversation; without elements, nothing.
 *
 * While it is open, another one with the same `key` does not replace it. `id` is another for each that is opened.
 */
export interface Sidebar {
  type: "sidebar";
  title: string;
  elements: ElementItem[];
  key: string | null;
  id: string;
}
/**
 * A short notice that passes by; it is no part of the transcript.
 */
export interface Toast {
  type: "toast";
  message: string;
  kind: "error" | "info" | "success" | "warning";
}
/**
 * A message for the window around the chat: whatever JSON can say.
 */
export interface WindowMessage {
  type: "window";
  data: unknown;
}
/**
 * The kernel has a message of the window (see `PostWindow`), so it need not be sent again.
 */
export interface WindowHeard {
  type: "window_heard";
  post: string;
}
/**
 * Consecutive events; the first has the number `first`.
 */
export interface Events {
  type: "events";
  epoch: number;
  first: number;
  events: (
    | TurnPut
    | TurnRemoved
    | ItemPut
    | Token
    | MessagePatch
    | StepPatch
    | ItemRemoved
    | Info
    | Offers
    | Sidebar
    | Toast
    | WindowMessage
    | WindowHeard
  )[];
}
/**
 * How many bytes of a file the kernel has; `message` says why it takes no more of it, if so.
 */
export interface FileState {
  type: "file";
  epoch: number;
  file: string;
  received: number;
  message: string;
}
/**
 * How far the kernel is: exposes a lost tail, and proves that the kernel is there.
 */
export interface Head {
  type: "head";
  epoch: number;
  seq: number;
}
/**
 * The page speaks another version of the protocol than the kernel; `message` says what to do.
 */
export interface Incompatible {
  type: "incompatible";
  protocol: number;
  message: string;
}
/**
 * A session as it is now: of the `chat`-th of `chats` chats that are inspected here (0 of 1: the page's own).
 *
 * It stands outside of the events, and each one replaces the one before it: `revision` grows. `state` and `session`
 * (the keys that belong to the session itself) are shown as far as pages asked for (see `Inspect`).
 */
export interface Inspection {
  type: "inspection";
  chat: number;
  chats: number;
  revision: number;
  id: string;
  assistant: string;
  user: string;
  status: string;
  state: ValueNode;
  session: ValueNode;
  edited: Edited[];
}
/**
 * A value of a session, and where it is.
 *
 * `step` leads to it from the value that it is in. It has `total` parts; those that were asked for (see `Opened`)
 * are in `first` and, after a gap if those are not all, in `last`. A hidden one is a secret. `editable` is the type
 * of one that can be edited, and `text` all of it, as it is written for that.
 */
export interface ValueNode {
  step: string;
  name: string;
  type: string;
  summary: string;
  total: number;
  hidden: boolean;
  editable: ("None" | "bool" | "float" | "int" | "str") | null;
  text: string | null;
  changed: Changed | null;
  opened: boolean;
  first: ValueNode[];
  last: ValueNode[];
}
/**
 * The picture after event `seq`: the newest turns, and how many there are before them (see `GetEarlier`).
 */
export interface Snapshot {
  type: "snapshot";
  epoch: number;
  seq: number;
  info: Info;
  offers: Offers;
  sidebar: Sidebar;
  turns: TurnRecord[];
  earlier: number;
}
/**
 * A command was not carried out; `message` says why, `turn` which user message it was, if it was one.
 */
export interface Refused {
  type: "refused";
  message: string;
  turn: string | null;
}
/**
 * The bundle was built anew (development only): fetch `hash` and mount the views again.
 */
export interface Reload {
  type: "reload";
  hash: string;
}

export const PROTOCOL_VERSION = 1;
export const MAX_MESSAGE_CHARS = 1000000;
export const MAX_CHUNK_BYTES = 1000000;
export const MAX_WINDOW_CHARS = 1000000;
