import type { Packet } from "./protocol.ts";

const PACKET_TYPES = new Set<unknown>([
  "events",
  "snapshot",
  "earlier",
  "head",
  "asset",
  "file",
  "inspection",
  "refused",
  "incompatible",
  "reload",
]);

/** The packet in a custom message, or nothing: other traffic, or a kernel newer than this page. */
export function parsePacket(content: unknown): Packet | undefined {
  if (!isRecord(content) || typeof content.text !== "string") return undefined;
  const packet = parseJson(content.text);
  return isPacket(packet) ? packet : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPacket(value: unknown): value is Packet {
  if (!isRecord(value) || !PACKET_TYPES.has(value.type)) return false;
  switch (value.type) {
    case "events":
      return isCount(value.epoch) && isCount(value.first) && isListOfRecords(value.events);
    case "snapshot":
      return isPosition(value) && isRecord(value.info) && hasTurns(value);
    case "earlier":
      return isPosition(value) && typeof value.before === "string" && hasTurns(value);
    case "inspection":
      return (
        isCount(value.chat) && isCount(value.revision) && isRecord(value.state) && isRecord(value.session)
      );
    case "head":
      return isPosition(value);
    case "asset":
    case "reload":
      return typeof value.hash === "string";
    default:
      return typeof value.message === "string";
  }
}

function isPosition({ epoch, seq }: Record<string, unknown>): boolean {
  return isCount(epoch) && isCount(seq);
}

function hasTurns({ turns, earlier }: Record<string, unknown>): boolean {
  return isListOfRecords(turns) && isCount(earlier);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isListOfRecords(value: unknown): boolean {
  return Array.isArray(value) && value.every(isRecord);
}
