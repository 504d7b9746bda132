// <resume-erreurs><section tabindex="-1">…</section></resume-erreurs>
// Takes the focus to the summary of what is wrong, once the page is there. Without this file, its links lead to the answers.

class ResumeErreurs extends HTMLElement {
  connectedCallback() {
    this.querySelector("[tabindex]")?.focus();
  }
}

customElements.define("resume-erreurs", ResumeErreurs);
