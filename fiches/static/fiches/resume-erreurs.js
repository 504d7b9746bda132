// <resume-erreurs><section tabindex="-1">…</section></resume-erreurs>
// Takes the focus to the summary of what is wrong, once the page is there. With data-ancre, a page that was opened at one of
// its answers leaves the focus there. Without this file, the summary's links lead to the answers.

class ResumeErreurs extends HTMLElement {
  connectedCallback() {
    if ("ancre" in this.dataset && location.hash) return;
    this.querySelector("[tabindex]")?.focus();
  }
}

customElements.define("resume-erreurs", ResumeErreurs);
