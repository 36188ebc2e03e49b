// The same as TicketForm.jsx, for anychat.
export default function ({ el, props, submitElement, cancelElement }) {
  const values = {};
  for (const field of props.fields) {
    const input = el.appendChild(document.createElement("input"));
    input.placeholder = field;
    input.oninput = () => {
      values[field] = input.value;
    };
  }
  const buttons = { Send: () => submitElement(values), Cancel: () => cancelElement() };
  for (const [label, onclick] of Object.entries(buttons)) {
    const button = el.appendChild(document.createElement("button"));
    button.textContent = label;
    button.onclick = onclick;
  }
}
