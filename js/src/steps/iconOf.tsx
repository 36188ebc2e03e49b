import type { VNode } from "preact";
import { namedIcon } from "../icons/NamedIcon.tsx";
import type { StepItem } from "../protocol.ts";

const OF_TYPE: Readonly<Record<StepItem["type"], string>> = {
  run: "play",
  tool: "wrench",
  llm: "sparkles",
  embedding: "grid",
  retrieval: "search",
  rerank: "sort",
  undefined: "list",
};

/** The picture that the app chose, else that of the step's type. */
export function iconOf({ icon, type }: StepItem): VNode | undefined {
  return namedIcon(icon) ?? namedIcon(OF_TYPE[type]);
}
