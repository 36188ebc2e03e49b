/** The part of anywidget's model that is used here. Each call of anywidget hands out another proxy of it. */
export interface Model {
  on(name: "msg:custom", listener: CustomMessageListener): void;
  off(name: "msg:custom", listener: CustomMessageListener): void;
  /** The value of a trait; hosts all have it, tests need not. */
  get?(name: string): unknown;
  send(content: CustomMessage, callbacks?: undefined, buffers?: readonly ArrayBuffer[]): unknown;
}

/** What travels in a custom message. A field named `id` would be misrouted by some kernels. */
export interface CustomMessage {
  readonly text: string;
}

export type CustomMessageListener = (content: unknown, buffers?: readonly BlobPart[]) => void;
