// <suivi-import src="…"><p role="status"></p><progress></suivi-import>: the progress of an import, looked at again while work is under
// way; the page is loaded again at its end. Without it, a link does.
const EVERY = 2000;

class SuiviImport extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("progress")) this.timer = setInterval(() => this.look(), EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    const answer = await fetch(this.getAttribute("src")).catch(() => null); // the network may be away
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const progress = page.querySelector("suivi-import progress");
    if (!progress) return location.reload();
    if (progress.hasAttribute("value")) this.querySelector("progress").value = progress.value;
    const [state, next] = [this, page].map((root) => root.querySelector("[role=status]"));
    if (state.textContent !== next.textContent) state.replaceChildren(...next.childNodes);
  }
}

customElements.define("suivi-import", SuiviImport);
