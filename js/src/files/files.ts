// Lazy chunk: files that the user gives, to a message or as an answer.

import { addStyles } from "../view/styles.ts";
import css from "./files.css";

addStyles(css);

export { Attachments } from "./Attachments.tsx";
export { GivenFiles } from "./GivenFiles.tsx";
