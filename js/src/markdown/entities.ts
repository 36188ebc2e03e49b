const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,31}));/g;
const known = new Map<string, string>();

/** Text with its character references (`&amp;`, `&#38;`, `&#x26;`) replaced by what they stand for. */
export function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named(name);
    return decimal !== undefined || hex !== undefined ? numbered(decimal, hex) : whole;
  });
}

function numbered(decimal = "", hex = ""): string {
  const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}

function named(name: string): string {
  const found = known.get(name) ?? lookUp(name);
  known.set(name, found);
  return found;
}

/** The browser holds the table of 2,231 names. Letters and digits alone reach it, so no markup can. */
function lookUp(name: string): string {
  const area = document.createElement("textarea");
  area.innerHTML = `&${name};`;
  return area.value;
}
