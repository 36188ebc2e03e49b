// The same as Ticket.jsx, for anychat.
export default function ({ el, props, callAction, onChange }) {
  const title = el.appendChild(document.createElement("h3"));
  const status = el.appendChild(document.createElement("span"));
  const button = el.appendChild(document.createElement("button"));
  button.textContent = "Close";
  button.onclick = () => callAction({ name: "close_ticket", payload: { status: "closed" } });
  const show = () => {
    title.textContent = props.title;
    status.textContent = `${props.status}, ${props.owner || "nobody"} `;
    button.disabled = props.status === "closed";
  };
  onChange(show);
  show();
}
