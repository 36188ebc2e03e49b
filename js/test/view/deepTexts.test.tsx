import { cleanup } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { message, snapshot, turn } from "../records.ts";
import { conversation, openChat } from "./openChat.tsx";

afterEach(cleanup);

const DEEP = 5000;
const texts: Readonly<Record<string, string>> = {
  elements: "<b>".repeat(DEEP),
  quotes: ">".repeat(DEEP),
  lists: "- ".repeat(DEEP),
  "numbered lists": "1. ".repeat(DEEP),
  stars: `${"*".repeat(DEEP)}x${"*".repeat(DEEP)}`,
  emphasis: "*a **b ".repeat(DEEP) + " c** d*".repeat(DEEP),
  brackets: "[".repeat(DEEP),
  "brackets that close": `${"[".repeat(DEEP)}x${"]".repeat(DEEP)}(https://x.example)`,
  images: `${"![".repeat(DEEP)}x${"](y)".repeat(DEEP)}`,
  tildes: "~~a ".repeat(DEEP) + "b~~ ".repeat(DEEP),
};

test.each(Object.entries(texts))("%s within each other take nothing else with them", (_, text) => {
  openChat(snapshot({ turns: [turn("t1", "done", message("m1", text), message("m2", "Here."))] }));
  expect(conversation().at(-1)).toBe("Here.");
});
