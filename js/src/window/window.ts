// Lazy chunk: the window around the chat, that is, the notebook's page.

export { Call } from "./Call.tsx";
export { Outside } from "./Outside.tsx";
