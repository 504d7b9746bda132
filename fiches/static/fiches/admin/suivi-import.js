// <suivi-import src="…"><div>…</div></suivi-import>: the progress of an import, looked at again while work is under way. Without it, a
// link does. What says the state is the same element throughout: it is read out, and the link keeps the focus.
const EVERY = 2000;

class SuiviImport extends HTMLElement {
  connectedCallback() {
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    if (this.isConnected && this.querySelector("progress")) {
      this.timer = setTimeout(() => this.look(), EVERY);
    }
  }

  async look() {
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (answer.ok && !answer.redirected) {
        this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      // The network is away: look again later.
    }
    this.wait();
  }

  show(answer) {
    const [state, next] = [this, answer].map((block) => block.querySelector("[role=status]"));
    if (state.textContent !== next.textContent) state.replaceChildren(...next.childNodes);
    const progress = answer.querySelector("progress");
    if (progress) return Object.assign(this.querySelector("progress"), { max: progress.max, value: progress.value });
    const hadFocus = this.contains(document.activeElement);
    while (state.nextSibling) state.nextSibling.remove();
    while (next.nextSibling) state.parentNode.append(next.nextSibling);
    if (!hadFocus) return;
    state.tabIndex = -1;
    state.focus();
  }
}

customElements.define("suivi-import", SuiviImport);
