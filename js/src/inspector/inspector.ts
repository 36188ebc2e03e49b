// Lazy chunk: a session's state, to look at and to change.

import { addStyles } from "../view/styles.ts";
import css from "./inspector.css";

addStyles(css);

export { Board } from "./Board.tsx";
export { Panel } from "./Panel.tsx";
