// Lazy chunk: files that the user gives, to a message or as an answer.

import { addStyles } from "../view/styles.ts";
import css from "./files.css";

addStyles(css);

export { AskFiles } from "./AskFiles.tsx";
export { Attachments } from "./Attachments.tsx";
export { GivenFiles } from "./GivenFiles.tsx";
