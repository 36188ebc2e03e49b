// The least that a widget can do: the tokens go to the end of one text node.
export default {
  render({ model, el }) {
    const log = document.createElement("div");
    const composer = document.createElement("textarea");
    log.setAttribute("role", "log");
    log.style.cssText = "height: 400px; overflow: auto; white-space: pre-wrap";
    el.dataset.floor = "";
    el.append(log, composer);

    let text = log.appendChild(new Text());
    let isDue = false;
    const goDown = () => {
      isDue = false;
      log.scrollTop = log.scrollHeight; // lays out the whole text, so once per frame and not once per token
    };
    const append = (more) => {
      text.appendData(more);
      if (!isDue) requestAnimationFrame(goDown);
      isDue = true;
    };
    model.on("msg:custom", ({ token }) => append(token));
    composer.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter") return;
      event.preventDefault();
      text = log.appendChild(document.createElement("div")).appendChild(new Text());
      model.send({ message: composer.value });
      composer.value = "";
    });
  },
};
