// Tells the page around the height that the frame would take: {type: "rallynov:hauteur", hauteur} for whoever listens, and
// what WordPress expects of the frames that it makes of addresses. Nothing is said but that height and the link followed.

const height = () => Math.ceil(document.querySelector(".cadre").getBoundingClientRect().height);
const secret = /^#\?secret=([a-zA-Z0-9]+)$/.exec(location.hash)?.[1];

function tell(message) {
  parent.postMessage(message, "*");
}

if (parent !== window) {
  new ResizeObserver(() => {
    tell({ type: "rallynov:hauteur", hauteur: height() });
    if (secret) tell({ message: "height", value: height(), secret });
  }).observe(document.querySelector(".cadre"));
}

// WordPress opens no window from its frames: it follows the link itself.
if (secret) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    tell({ message: "link", value: link.href, secret });
  });
}
