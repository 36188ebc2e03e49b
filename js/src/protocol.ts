// Generated from anychat/protocol.py; change it there, then run `nox -s protocol`.

export type Command =
  | Hello
  | UserMessage
  | Stop
  | Withdraw
  | Restart
  | ShowBranch
  | Restore
  | Resync
  | Ack
  | GetEarlier
  | GetAsset
  | Bye;
export type Event = TurnPut | TurnRemoved | ItemPut | Token | MessagePatch | ItemRemoved | Info;
export type Item = MessageItem | OutputItem;
export type Packet = Events | Snapshot | Earlier | Head | Asset | Refused | Incompatible | Reload;

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
 */
export interface UserMessage {
  type: "user_message";
  turn: string;
  content: string;
  epoch: number;
  replaces: string | null;
}
/**
 * Stop this turn, if it still runs or waits.
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
 * New chat: end the session of this epoch and begin the next.
 */
export interface Restart {
  type: "restart";
  epoch: number;
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
 * Ask for the bytes with this SHA-256 hash.
 */
export interface GetAsset {
  type: "get_asset";
  hash: string;
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
  items: (MessageItem | OutputItem)[];
  siblings: string[];
}
/**
 * One message, of the user or of the assistant. It stands in the turn itself, whatever it was said in.
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
  item: MessageItem | OutputItem;
}
/**
 * Text at the end of an item's content.
 */
export interface Token {
  type: "token";
  id: string;
  text: string;
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
 * Consecutive events; the first has the number `first`.
 */
export interface Events {
  type: "events";
  epoch: number;
  first: number;
  events: (TurnPut | TurnRemoved | ItemPut | Token | MessagePatch | ItemRemoved | Info)[];
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
 * The picture after event `seq`: the newest turns, and how many there are before them (see `GetEarlier`).
 */
export interface Snapshot {
  type: "snapshot";
  epoch: number;
  seq: number;
  info: Info;
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
